using System.Globalization;
using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Networks.UNet;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>One UNet forward with the reference's inputs: outputs, block outputs, guidance, motion scales, without pose (SPEC §7, §9.5).</summary>
internal sealed class UNetCase : ICaseRunner
{
    private const string ScaleMark = "_ip_scale_";

    public string Kind => "unet";

    public bool Accepts(CaseDirectory directory) => directory.Has("unet") && directory.Has("latent_hw");

    public IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options)
    {
        var configuration = Architecture.ParsePart<UNetConfiguration>(directory.Config!["unet"]!);
        using var weights = directory.OpenWeights();
        var form = FormOf(directory);
        CaseNetwork.RequireFit(weights, dialect => UNetGraph.Build(dialect, configuration, form));
        var names = directory.Recorded.Tensors.Keys.ToList();
        foreach (var group in names.Where(name => name.StartsWith("output_", StringComparison.Ordinal)).GroupBy(name => Variant(form, name)))
        {
            var taps = group.Key == form ? names.Where(name => name.StartsWith("mid/", StringComparison.Ordinal)).ToList() : [];
            using var network = CaseNetwork.Load(directory.Name, weights, options, dialect => UNetGraph.Build(dialect, configuration, group.Key), taps);
            foreach (var comparison in group.SelectMany(name => RunOne(directory, network, name, taps)))
                yield return comparison;
        }

        foreach (var comparison in Guidance(directory, names))
            yield return comparison;
    }

    private static IEnumerable<Comparison> RunOne(CaseDirectory directory, CaseNetwork network, string name, IReadOnlyList<string> taps)
    {
        var index = name.Split('_')[1];
        var inputs = new Dictionary<string, FloatTensor>
        {
            ["sample"] = directory.Read("sample"),
            ["timestep"] = directory.Read($"timestep_{index}").Reshape(1),
            ["added_time_ids"] = directory.Read("added_time_ids"),
            ["encoder_hidden_states"] = directory.Read("encoder_hidden_states"),
            ["motion_tokens"] = directory.Read("motion_tokens"),
        };
        if (!name.EndsWith("_no_pose", StringComparison.Ordinal))
            inputs["pose_cond_fea"] = directory.Read("pose_cond_fea");
        var outputs = network.Run(inputs);
        yield return Comparison.Of(name, outputs["output"], directory.Read(name), Tolerance.Module);
        if (index != "0")
            yield break;
        foreach (var tap in taps)
        {
            var recorded = directory.Read(tap);
            yield return outputs.TryGetValue(tap, out var value)
                ? Comparison.Of(tap, value, recorded, Tolerance.Module)
                : Comparison.Failed(tap, recorded.Shape.ToString(), Tolerance.Module, "the network has no such intermediate value");
        }
    }

    /// <summary>Guidance is checked on the recorded branches, so that it is checked alone.</summary>
    private static IEnumerable<Comparison> Guidance(CaseDirectory directory, IEnumerable<string> names)
    {
        foreach (var name in names.Where(name => name.StartsWith("cfg_combined_", StringComparison.Ordinal)))
        {
            var parts = name.Split('_');
            var scales = new GuidanceScales(float.Parse(parts[3], CultureInfo.InvariantCulture), float.Parse(parts[5], CultureInfo.InvariantCulture));
            var combined = directory.Read(name);
            var velocity = FloatTensor.Zeros([.. combined.Shape.Dimensions]);
            GuidanceCombiner.Combine(scales, directory.Read("output_0").Values, velocity.Values);
            yield return Comparison.Of(name, velocity, combined, Tolerance.Module);
        }
    }

    private static UNetForm FormOf(CaseDirectory directory)
    {
        var sample = Shape(directory.Recorded, "sample");
        return new UNetForm(
            [.. Enumerable.Repeat(GuidanceBranch.Cond, sample[0])], sample[1], sample[3], sample[4],
            Shape(directory.Recorded, "encoder_hidden_states")[1], Shape(directory.Recorded, "motion_tokens")[1])
        {
            HasReferenceInputs = true,
            MotionScale = directory.Config!["ip_motion_scale"]?.GetValue<float>() ?? 1f,
        };
    }

    private static UNetForm Variant(UNetForm form, string name)
    {
        var mark = name.IndexOf(ScaleMark, StringComparison.Ordinal);
        if (mark >= 0)
            form = form with { MotionScale = float.Parse(name[(mark + ScaleMark.Length)..], CultureInfo.InvariantCulture) };
        return name.EndsWith("_no_pose", StringComparison.Ordinal) ? form with { HasPoseFeatures = false } : form;
    }

    private static TensorShape Shape(SafetensorsCheckpoint recorded, string name) =>
        recorded.Tensors.TryGetValue(name, out var entry) ? entry.Shape : throw ParityErrors.MissingTensor(recorded.Source, name);
}
