using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Dialects;

/// <summary>What dialects with NCHW maps have in common.</summary>
public abstract class NchwDialect(GraphBuilder graph, Weights weights) : Dialect(graph, weights)
{
    /// <inheritdoc/>
    public override Value FromNchw(Value nchw) => nchw;

    /// <inheritdoc/>
    public override Value ToNchw(Value maps) => maps;

    /// <inheritdoc/>
    public override int Channels(Value maps) => maps[1];

    /// <inheritdoc/>
    public override Value Conv(Value maps, string name, ConvSpec spec) =>
        Graph.Conv(maps, Weight($"{name}.weight", spec.OutChannels, maps[1], spec.Kernel, spec.Kernel), spec.HasBias ? Weight($"{name}.bias", spec.OutChannels) : null, spec.Geometry);

    /// <inheritdoc/>
    public override Value Upsample(Value maps) => Graph.UpsampleNearest(maps, heightAxis: 2);

    /// <inheritdoc/>
    public override Value ConcatChannels(Value first, Value second) => Graph.Concat(1, first, second);
}
