using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Motion;

/// <summary>The expression network (SPEC §5.1): <c>image [T,3,S,S]</c> in [0, 1] → <c>output [T,features]</c>, with T free.</summary>
public static class ExpressionGraph
{
    private const string Prefix = "resnet50";

    /// <summary>Writes the network into the dialect's graph.</summary>
    public static void Build(Dialect dialect, ResNetConfiguration configuration, int size)
    {
        var stem = new ResNetStem(dialect, Prefix, configuration, ("gn", "downsample"));
        var hidden = stem.First(dialect.Input("image", Value.Free, 3, size, size));
        for (var stage = 0; stage < configuration.Planes.Count; stage++)
        {
            for (var block = 0; block < configuration.Layers[stage]; block++)
            {
                var stride = block == 0 && stage > 0 ? 2 : 1;
                hidden = Bottleneck(dialect, stem, hidden, new BlockSpec($"{Prefix}.layer{stage + 1}.{block}", configuration.Planes[stage], configuration.Expansion, stride, block == 0));
            }
        }

        dialect.Tap("layer4", () => hidden);
        dialect.Output("output", stem.Last(hidden, configuration.OutFeatDim));
    }

    private static Value Bottleneck(Dialect dialect, ResNetStem stem, Value maps, BlockSpec block)
    {
        var outer = block.Planes * block.Expansion;
        var hidden = dialect.Conv(maps, $"{block.Name}.conv1", ConvSpec.Point(block.Planes, hasBias: false));
        hidden = dialect.Conv(stem.Relu(stem.Norm(hidden, $"{block.Name}.gn1")), $"{block.Name}.conv2", ConvSpec.Same3(block.Planes, block.Stride, hasBias: false));
        hidden = dialect.Conv(stem.Relu(stem.Norm(hidden, $"{block.Name}.gn2")), $"{block.Name}.conv3", ConvSpec.Point(outer, hasBias: false));
        var shortcut = stem.Shortcut(maps, block.Name, outer, block.Stride, block.IsFirst);
        return stem.Relu(dialect.Add(stem.Norm(hidden, $"{block.Name}.gn3"), shortcut));
    }

    private sealed record BlockSpec(string Name, int Planes, int Expansion, int Stride, bool IsFirst);
}
