using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Motion;

/// <summary>
/// The head-pose network (SPEC §5.2): <c>image [T,3,S,S]</c> in [0, 1] → <c>rotation [T,3]</c> in degrees, <c>translation [T,3]</c>, with T free.
/// The weights expect <c>2·image + 1</c>; the graph does that itself.
/// </summary>
public static class HeadPoseGraph
{
    private const string Prefix = "head_pose_net";

    /// <summary>Writes the network into the dialect's graph.</summary>
    public static void Build(Dialect dialect, ResNetConfiguration configuration, int size)
    {
        var graph = dialect.Graph;
        var stem = new ResNetStem(dialect, Prefix, configuration, ("bn", "shortcut"));
        var image = graph.Add(graph.Mul(dialect.Input("image", Value.Free, 3, size, size), graph.Scalar(2f)), graph.Scalar(1f));
        var hidden = stem.First(image);
        for (var stage = 0; stage < configuration.Planes.Count; stage++)
        {
            for (var block = 0; block < configuration.Layers[stage]; block++)
                hidden = Basic(dialect, stem, hidden, ($"{Prefix}.layer{stage + 1}.{block}", configuration.Planes[stage], block == 0 && stage > 0 ? 2 : 1));
        }

        var raw = stem.Last(hidden, configuration.NumOutputs);
        dialect.Tap("raw6", () => raw);
        var halves = graph.Split(graph.Elementwise("Sigmoid", raw), 1, 3, 3);
        dialect.Output("rotation", graph.Sub(graph.Mul(halves[0], graph.Scalar(360f)), graph.Scalar(180f)));
        dialect.Output("translation", graph.Sub(graph.Mul(halves[1], graph.Scalar(4f)), graph.Scalar(2f)));
    }

    private static Value Basic(Dialect dialect, ResNetStem stem, Value maps, (string Name, int Planes, int Stride) block)
    {
        var hidden = dialect.Conv(maps, $"{block.Name}.conv1", ConvSpec.Same3(block.Planes, block.Stride, hasBias: false));
        hidden = dialect.Conv(stem.Relu(stem.Norm(hidden, $"{block.Name}.bn1")), $"{block.Name}.conv2", ConvSpec.Same3(block.Planes, hasBias: false));
        var isProjected = block.Stride != 1 || dialect.Channels(maps) != block.Planes;
        var shortcut = stem.Shortcut(maps, block.Name, block.Planes, block.Stride, isProjected);
        return stem.Relu(dialect.Add(stem.Norm(hidden, $"{block.Name}.bn2"), shortcut));
    }
}
