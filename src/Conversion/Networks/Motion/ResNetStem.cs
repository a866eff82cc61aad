using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Motion;

/// <summary>What the expression and head-pose networks share: first layers, norms, shortcuts and the final average.</summary>
internal sealed class ResNetStem(Dialect dialect, string prefix, ResNetConfiguration configuration, (string Norm, string Shortcut) names)
{
    /// <summary>7×7 convolution, norm, ReLU, 3×3 max pooling.</summary>
    public Value First(Value image)
    {
        var hidden = dialect.Conv(dialect.FromNchw(image), $"{prefix}.conv1", new ConvSpec(configuration.StemChannels, 7, ConvGeometry.Square(3, stride: 2), HasBias: false));
        hidden = Relu(Norm(hidden, $"{prefix}.{names.Norm}1"));
        return dialect.Graph.MaxPool(hidden, 3, ConvGeometry.Square(1, stride: 2));
    }

    /// <summary>Group norm of this network.</summary>
    public Value Norm(Value maps, string name) => dialect.GroupNorm(maps, name, new NormSpec(configuration.GroupNormGroups, 1e-5f, Silu: false));

    /// <summary>ReLU.</summary>
    public Value Relu(Value maps) => dialect.Graph.Elementwise("Relu", maps);

    /// <summary>The input itself, or its 1×1 projection where stride or width change.</summary>
    public Value Shortcut(Value maps, string name, int outChannels, int stride, bool isProjected) => isProjected
        ? Norm(dialect.Conv(maps, $"{name}.{names.Shortcut}.0", ConvSpec.Point(outChannels, stride, hasBias: false)), $"{name}.{names.Shortcut}.1")
        : maps;

    /// <summary>Mean over pixels, then the linear layer.</summary>
    public Value Last(Value maps, int outputs) =>
        dialect.LinearRows(dialect.Graph.ReduceMean(maps, [2, 3], keepDims: false), $"{prefix}.fc", outputs);
}
