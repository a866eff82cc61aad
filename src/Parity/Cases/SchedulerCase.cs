using System.Globalization;
using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>Noise levels, noise addition and whole chains of Euler steps with given predictions (SPEC §9.1, §9.7).</summary>
internal sealed class SchedulerCase : ICaseRunner
{
    public string Kind => "scheduler";

    public bool Accepts(CaseDirectory directory) => directory.Has("effective_config");

    public IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options)
    {
        var settings = Architecture.ParsePart<SchedulerSettings>(directory.Config!["effective_config"]!);
        foreach (var name in directory.Recorded.Tensors.Keys.Where(name => name.EndsWith("/sigmas", StringComparison.Ordinal)))
        {
            var prefix = name.Split('/')[0];
            var schedule = NoiseSchedule.Create(settings, int.Parse(prefix[1..], CultureInfo.InvariantCulture));
            yield return Comparison.Of(name, schedule.Sigmas.AsSpan(), directory.Read(name).Values, Tolerance.Relative(1e-6));
            yield return Comparison.Of($"{prefix}/timesteps", schedule.Timesteps.AsSpan(), directory.Read($"{prefix}/timesteps").Values, Tolerance.Absolute(2e-7));
            if (directory.Recorded.Tensors.ContainsKey($"{prefix}/add_noise_output"))
                yield return AddNoise(directory, prefix, schedule);
            if (directory.Recorded.Tensors.ContainsKey($"{prefix}/step_sample"))
            {
                foreach (var comparison in Steps(directory, prefix, schedule))
                    yield return comparison;
            }
        }
    }

    private static Comparison AddNoise(CaseDirectory directory, string prefix, NoiseSchedule schedule)
    {
        var original = directory.Read($"{prefix}/add_noise_original");
        var noise = directory.Read($"{prefix}/add_noise_noise");
        var result = FloatTensor.Zeros([.. noise.Shape.Dimensions]);
        var length = original.Values.Length;
        for (var start = 0; start < noise.Values.Length; start += length)
            EulerStep.AddNoise(original.Values, noise.Values.Slice(start, length), schedule.Sigmas[0], result.Values.Slice(start, length));
        return Comparison.Of($"{prefix}/add_noise_output", result, directory.Read($"{prefix}/add_noise_output"), Tolerance.Relative(1e-6));
    }

    private static IEnumerable<Comparison> Steps(CaseDirectory directory, string prefix, NoiseSchedule schedule)
    {
        var sample = directory.Read($"{prefix}/step_sample");
        var prediction = directory.Read($"{prefix}/step_model_output");
        var scaled = FloatTensor.Zeros([.. sample.Shape.Dimensions]);
        var previous = FloatTensor.Zeros([.. sample.Shape.Dimensions]);
        var clean = FloatTensor.Zeros([.. sample.Shape.Dimensions]);
        var length = sample.Values.Length / schedule.StepCount;
        for (var step = 0; step < schedule.StepCount; step++)
        {
            var range = (step * length)..((step + 1) * length);
            EulerStep.ScaleInput(sample.Values[range], schedule[step].Sigma, scaled.Values[range]);
            EulerStep.Advance(schedule[step], prediction.Values[range], sample.Values[range], previous.Values[range]);
            EulerStep.PredictClean(schedule[step].Sigma, prediction.Values[range], sample.Values[range], clean.Values[range]);
        }

        yield return Comparison.Of($"{prefix}/step_scaled_input", scaled, directory.Read($"{prefix}/step_scaled_input"), Tolerance.Relative(1e-6));
        yield return Comparison.Of($"{prefix}/step_prev_sample", previous, directory.Read($"{prefix}/step_prev_sample"), Tolerance.Relative(1e-6));
        yield return Comparison.Of($"{prefix}/step_pred_original", clean, directory.Read($"{prefix}/step_pred_original"), Tolerance.Relative(1e-6));
    }
}
