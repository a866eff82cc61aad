using CsCheck;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Tests.Recorded;

namespace HunyuanPortrait.Core.Tests.Schedulers;

public sealed class EulerStepTests
{
    private const double Tolerance = 1e-6;
    private static readonly RecordedTensors Recorded = RecordedTensors.Load("scheduler");
    private static readonly SchedulerSettings Official = new(0.002, 700);

    [Theory, InlineData(3), InlineData(5), InlineData(25)]
    public void ScaleInput_RecordedChain_GivesRecordedInputs(int steps) =>
        AssertChain(steps, "step_scaled_input", (step, _, sample, result) => EulerStep.ScaleInput(sample, step.Sigma, result));

    [Theory, InlineData(3), InlineData(5), InlineData(25)]
    public void PredictClean_RecordedChain_GivesRecordedSamples(int steps) =>
        AssertChain(steps, "step_pred_original", (step, velocity, sample, result) => EulerStep.PredictClean(step.Sigma, velocity, sample, result));

    [Theory, InlineData(3), InlineData(5), InlineData(25)]
    public void Advance_RecordedChain_GivesRecordedSamples(int steps) =>
        AssertChain(steps, "step_prev_sample", EulerStep.Advance);

    [Theory, InlineData(3), InlineData(5), InlineData(25)]
    public void AddNoise_RecordedNoise_GivesRecordedSample(int steps)
    {
        var original = Recorded.Floats($"n{steps}/add_noise_original");
        var noise = Recorded.Floats($"n{steps}/add_noise_noise");
        var sigma = NoiseSchedule.Create(Official, steps).Sigmas[0];
        var noisy = new float[noise.Length];
        for (var frame = 0; frame < noise.Length; frame += original.Length)
            EulerStep.AddNoise(original, noise.AsSpan(frame, original.Length), sigma, noisy.AsSpan(frame, original.Length));
        Close.Relative(Recorded.Floats($"n{steps}/add_noise_output"), noisy, Tolerance);
    }

    [Fact]
    public void Advance_AnyLength_GivesEveryElementTheSameBitsAsAlone()
    {
        var element = Gen.Select(Gen.Float[-100, 100], Gen.Float[-5000, 5000]);
        Gen.Select(element.Array[1, 70], Gen.Float[0.002f, 700]).Sample((elements, sigma) =>
        {
            var step = new NoiseStep(sigma, sigma / 2, 0);
            var velocity = elements.Select(pair => pair.Item1).ToArray();
            var sample = elements.Select(pair => pair.Item2).ToArray();
            var together = new float[elements.Length];
            EulerStep.Advance(step, velocity, sample, together);
            for (var i = 0; i < elements.Length; i++)
            {
                var alone = new float[1];
                EulerStep.Advance(step, velocity.AsSpan(i, 1), sample.AsSpan(i, 1), alone);
                Assert.Equal(BitConverter.SingleToInt32Bits(alone[0]), BitConverter.SingleToInt32Bits(together[i]));
            }
        });
    }

    [Fact]
    public void Advance_DifferentLengths_IsRefused() =>
        Assert.Throws<ArgumentException>(() => EulerStep.Advance(new NoiseStep(1, 0, 0), new float[3], new float[4], new float[4]));

    private static void AssertChain(int steps, string result, Evaluate evaluate)
    {
        var schedule = NoiseSchedule.Create(Official, steps);
        var samples = Recorded.Floats($"n{steps}/step_sample");
        var velocities = Recorded.Floats($"n{steps}/step_model_output");
        var expected = Recorded.Floats($"n{steps}/{result}");
        var length = samples.Length / steps;
        for (var step = 0; step < steps; step++)
        {
            var range = (step * length)..((step + 1) * length);
            var actual = new float[length];
            evaluate(schedule[step], velocities[range], samples[range], actual);
            Close.Relative(expected[range], actual, Tolerance);
        }
    }

    private delegate void Evaluate(NoiseStep step, ReadOnlySpan<float> velocity, ReadOnlySpan<float> sample, Span<float> result);
}
