using HunyuanPortrait.Conversion.Networks.Motion;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>The expression network (SPEC §5.1).</summary>
internal sealed class ExpressionCase : ICaseRunner
{
    public string Kind => "expression";

    public bool Accepts(CaseDirectory directory) => directory.Has("stem_channels") && directory.Has("out_feat_dim");

    public IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options)
    {
        var configuration = directory.ConfigAs<ResNetConfiguration>();
        var image = directory.Read("input");
        using var network = CaseNetwork.Open(directory, options, dialect => ExpressionGraph.Build(dialect, configuration, image.Shape[2]), ["layer4"]);
        var outputs = network.Run(new() { ["image"] = image }, image.Shape[0]);
        foreach (var name in new[] { "layer4", "output" }.Where(directory.Recorded.Tensors.ContainsKey))
            yield return Comparison.Of(name, outputs[name], directory.Read(name), Tolerance.Module);
    }
}

/// <summary>The head-pose network; the translation is recorded before the pipeline zeroes it (SPEC §5.2).</summary>
internal sealed class HeadPoseCase : ICaseRunner
{
    public string Kind => "head-pose";

    public bool Accepts(CaseDirectory directory) => directory.Has("stem_channels") && directory.Has("num_outputs");

    public IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options)
    {
        var configuration = directory.ConfigAs<ResNetConfiguration>();
        var image = directory.Read("input");
        using var network = CaseNetwork.Open(directory, options, dialect => HeadPoseGraph.Build(dialect, configuration, image.Shape[2]), ["raw6"]);
        var outputs = network.Run(new() { ["image"] = image }, image.Shape[0]);
        foreach (var name in new[] { "raw6", "rotation", "translation" }.Where(directory.Recorded.Tensors.ContainsKey))
            yield return Comparison.Of(name, outputs[name], directory.Read(name), Tolerance.Module);
        if (directory.Recorded.Tensors.ContainsKey("pose_embed"))
            yield return Comparison.Of("pose_embed", WithoutTranslation(outputs["rotation"]), directory.Read("pose_embed"), Tolerance.Module);
    }

    private static FloatTensor WithoutTranslation(FloatTensor rotation)
    {
        var pose = FloatTensor.Zeros(rotation.Shape[0], 6);
        for (var frame = 0; frame < rotation.Shape[0]; frame++)
            rotation.Values.Slice(3 * frame, 3).CopyTo(pose.Values[(6 * frame)..]);
        return pose;
    }
}

/// <summary>The motion refiner: groups of frames, a single frame, several feature vectors per frame (SPEC §5.3).</summary>
internal sealed class MotionRefinerCase : ICaseRunner
{
    public string Kind => "motion-refiner";

    public bool Accepts(CaseDirectory directory) => directory.Has("num_queries") && directory.Has("intensity_embed_dim");

    public IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options)
    {
        var configuration = directory.ConfigAs<MotionRefinerConfiguration>();
        using var weights = directory.OpenWeights();
        CaseNetwork.RequireFit(weights, dialect => MotionRefinerGraph.Build(dialect, configuration));
        var blocks = Enumerable.Range(0, configuration.Layers).Select(layer => $"block{layer}").ToList();
        using (var network = CaseNetwork.Load(directory.Name, weights, options, dialect => MotionRefinerGraph.Build(dialect, configuration), blocks))
        {
            var features = directory.Read("features_dim2");
            var outputs = Run(network, features, (directory.Read("head_id"), directory.Read("exp_id")), features.Shape[0]);
            yield return Comparison.Of("output_dim2", outputs["output"], directory.Read("output_dim2"), Tolerance.Module);
            foreach (var block in blocks.Where(block => directory.Recorded.Tensors.ContainsKey($"dim2_{block}")))
                yield return Comparison.Of($"dim2_{block}", outputs[block], directory.Read($"dim2_{block}"), Tolerance.Module);

            const string Single = "output_dim2_single_frame_ids_0_0";
            if (directory.Recorded.Tensors.ContainsKey(Single))
            {
                var first = new FloatTensor(new TensorShape(1, configuration.InputDim), features.Data[..configuration.InputDim]);
                outputs = Run(network, first, (FloatTensor.Zeros(1), FloatTensor.Zeros(1)), 1);
                yield return Comparison.Of(Single, outputs["output"], directory.Read(Single), Tolerance.Module);
            }
        }

        if (!directory.Recorded.Tensors.ContainsKey("features_dim4"))
            yield break;
        var grouped = directory.Read("features_dim4");
        var (frames, perFrame) = (grouped.Shape[0] * grouped.Shape[1], grouped.Shape[2]);
        using var wide = CaseNetwork.Load(directory.Name, weights, options, dialect => MotionRefinerGraph.Build(dialect, configuration, perFrame));
        var rows = grouped.Reshape(frames * perFrame, configuration.InputDim);
        var wideOutputs = Run(wide, rows, (directory.Read("head_id_dim4"), directory.Read("exp_id_dim4")), frames);
        yield return Comparison.Of("output_dim4", wideOutputs["output"], directory.Read("output_dim4"), Tolerance.Module);
    }

    private static IReadOnlyDictionary<string, FloatTensor> Run(CaseNetwork network, FloatTensor features, (FloatTensor Head, FloatTensor Expression) ids, int frames) =>
        network.Run(new() { ["features"] = features, ["head_id"] = ids.Head.Reshape(1), ["exp_id"] = ids.Expression.Reshape(1) }, frames);
}
