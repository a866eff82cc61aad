using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Dialects;

/// <summary>
/// The CUDA provider's fused operators on NHWC maps <c>[n, H, W, C]</c>: most changes of layout become free reshapes, group norm with SiLU and the time
/// embedding's sum are one node, GEGLU is one node, attention reaches the flash kernels. Tokens are the portable dialect's.
/// </summary>
public class CudaNhwcDialect(GraphBuilder graph, Weights weights) : PortableDialect(graph, weights)
{
    private const string Domain = GraphBuilder.RuntimeDomain;

    /// <summary>Inner widths that the fused GEGLU has kernels for.</summary>
    private static readonly int[] FusedGegluWidths = [1280, 2560, 5120, 6144];

    /// <inheritdoc/>
    public override Value FromNchw(Value nchw) => Graph.Transpose(nchw, 0, 2, 3, 1);

    /// <inheritdoc/>
    public override Value ToNchw(Value maps) => Graph.Transpose(maps, 0, 3, 1, 2);

    /// <inheritdoc/>
    public override int Channels(Value maps) => maps[3];

    /// <inheritdoc/>
    public override Value Conv(Value maps, string name, ConvSpec spec)
    {
        var weight = Graph.Transpose(Weight($"{name}.weight", spec.OutChannels, maps[3], spec.Kernel, spec.Kernel), 0, 2, 3, 1);
        return NhwcConv(maps, weight, spec.HasBias ? Weight($"{name}.bias", spec.OutChannels) : null, spec.Geometry);
    }

    /// <inheritdoc/>
    public override Value GroupNorm(Value maps, string name, NormSpec spec) => FusedGroupNorm(maps, null, (Gamma(name, maps[3]), Beta(name, maps[3])), spec);

    /// <inheritdoc/>
    public override Value AddChannelsGroupNorm(Value maps, Value rows, string name, NormSpec spec)
    {
        var perMap = rows[0] == maps[0] ? rows : Graph.Reshape(
            Graph.Expand(Graph.Reshape(rows, rows[0], 1, rows[1]), rows[0], maps[0] / rows[0], rows[1]), maps[0], rows[1]);
        return FusedGroupNorm(maps, perMap, (Gamma(name, maps[3]), Beta(name, maps[3])), spec);
    }

    /// <inheritdoc/>
    public override Value Upsample(Value maps) => Graph.UpsampleNearest(maps, heightAxis: 1);

    /// <inheritdoc/>
    public override Value ConcatChannels(Value first, Value second) => Graph.Concat(3, first, second);

    /// <summary>Free: frames of a batch entry already follow each other, <c>[B, F, H·W, C]</c>.</summary>
    public override Value ToTime(Value maps, int batch) => Graph.Reshape(maps, batch, FramesOf(maps, batch), maps[1] * maps[2], maps[3]);

    /// <inheritdoc/>
    public override Value FromTime(Value time, Value sized) => Graph.Reshape(time, sized[0], sized[1], sized[2], time[3]);

    /// <inheritdoc/>
    public override Value TimeConv(Value time, string name, int outChannels, MixSpec? mix = null)
    {
        var (weight, bias) = TimeKernel(name, outChannels, time[3], mix);
        return NhwcConv(time, Graph.Transpose(weight, 0, 2, 3, 1), bias, new ConvGeometry([1, 1], [1, 0, 1, 0]));
    }

    /// <inheritdoc/>
    public override Value TimeGroupNorm(Value time, Value? rows, string name, NormSpec spec)
    {
        if (rows is null)
            return GroupNorm(time, name, spec);
        var perEntry = rows[0] == time[0] ? rows : Graph.Expand(rows, time[0], rows[1]);
        return FusedGroupNorm(time, perEntry, (Gamma(name, time[3]), Beta(name, time[3])), spec);
    }

    /// <summary>Free: NHWC maps are rows already.</summary>
    public override Tokens ToTokens(Value maps)
    {
        var length = maps[1] * maps[2];
        return new Tokens(Graph.Reshape(maps, Rows(maps[0], length), maps[3]), maps[0], length);
    }

    /// <inheritdoc/>
    public override Value ToMaps(Tokens tokens, Value sized) => Graph.Reshape(tokens.Value, tokens.Sequences, sized[1], sized[2], tokens.Width);

    /// <inheritdoc/>
    public override (Tokens Sum, Tokens Normed) AddLayerNorm(Tokens tokens, Tokens residual, string name, float epsilon)
    {
        var (sum, normed) = FusedSumLayerNorm(
            tokens.Value, residual.Value, (Weight($"{name}.weight", tokens.Width), Weight($"{name}.bias", tokens.Width)), epsilon);
        return (tokens with { Value = sum }, tokens with { Value = normed });
    }

    /// <inheritdoc/>
    public override Tokens FeedForward(Tokens tokens, string name)
    {
        var inner = 4 * tokens.Width;
        if (!FusedGegluWidths.Contains(inner))
            return base.FeedForward(tokens, name);
        var product = Graph.Gemm(tokens.Value, Weight($"{name}.net.0.proj.weight", 2 * inner, tokens.Width), null);
        var gated = FusedGeglu(Graph.Reshape(product, tokens.Sequences, tokens.Length, 2 * inner), Weight($"{name}.net.0.proj.bias", 2 * inner));
        return tokens with { Value = LinearRows(Graph.Reshape(gated, tokens.Value[0], inner), $"{name}.net.2", tokens.Width) };
    }

    /// <inheritdoc/>
    protected override Value Attend(Value query, Value key, Value value, int heads)
    {
        Graph.CountAttention(query, key);
        return FusedAttention(query, key, value, heads);
    }

    /// <summary>Group norm of NHWC maps, with an optional row per map added first and an optional SiLU behind.</summary>
    protected virtual Value FusedGroupNorm(Value maps, Value? rows, (Value Gamma, Value Beta) affine, NormSpec spec)
    {
        var op = rows is null ? "GroupNorm" : "SkipGroupNorm";
        return Graph.Nodes($"{Domain}.{op}", [maps.Dims], rows is null ? [maps, affine.Gamma, affine.Beta] : [maps, affine.Gamma, affine.Beta, rows],
            ("groups", spec.Groups), ("epsilon", spec.Epsilon), ("activation", spec.Silu ? 1 : 0), ("channels_last", 1))[0];
    }

    /// <summary>Sum of two rows and its layer norm.</summary>
    protected virtual (Value Sum, Value Normed) FusedSumLayerNorm(Value a, Value b, (Value Gamma, Value Beta) affine, float epsilon)
    {
        var outputs = Graph.Nodes($"{Domain}.SkipLayerNormalization", [a.Dims, null, null, a.Dims], [a, b, affine.Gamma, affine.Beta], ("epsilon", epsilon));
        return (outputs[3], outputs[0]);
    }

    /// <summary><c>first half · GELU(second half)</c> of biased rows <c>[S, L, 2·inner]</c>.</summary>
    protected virtual Value FusedGeglu(Value rows, Value bias) =>
        Graph.Node($"{Domain}.BiasSplitGelu", [rows[0], rows[1], rows[2] / 2], [rows, bias]);

    /// <summary>Multi-head attention over <c>[B, S, C]</c>.</summary>
    protected virtual Value FusedAttention(Value query, Value key, Value value, int heads) =>
        Graph.Node($"{Domain}.MultiHeadAttention", query.Dims, [query, key, value], ("num_heads", heads));

    /// <summary>Convolution of NHWC maps with a weight <c>[out, kH, kW, in]</c>.</summary>
    /// <param name="x">Maps.</param>
    /// <param name="weight">Weight.</param>
    /// <param name="bias">Bias, or null.</param>
    /// <param name="geometry">Strides and padding.</param>
    protected virtual Value FusedConv(Value x, Value weight, Value? bias, ConvGeometry geometry) =>
        Graph.Node($"{Domain}.NhwcConv", ConvDims(x, weight, geometry), [x, weight, bias],
            ("kernel_shape", weight.Dims[1..3]), ("strides", geometry.Strides), ("pads", geometry.Pads), ("group", geometry.Groups));

    /// <summary>Shape of a convolution's result. A free height (frames of a decode chunk) stays free: the temporal convolution keeps its length.</summary>
    protected static int[] ConvDims(Value x, Value weight, ConvGeometry geometry) =>
    [
        x[0],
        x[1] == Value.Free ? Value.Free : geometry.OutputLength(0, 2, x[1], weight[1]),
        geometry.OutputLength(1, 2, x[2], weight[2]),
        weight[0],
    ];

    private Value NhwcConv(Value x, Value weight, Value? bias, ConvGeometry geometry)
    {
        Graph.CountMultiplyAccumulates([.. ConvDims(x, weight, geometry).Select(dim => (long)dim), weight[1], weight[2], weight[3]]);
        return FusedConv(x, weight, bias, geometry);
    }

    private Value Gamma(string name, int channels) => Weights.GetSingle(Graph, $"{name}.weight", channels);

    private Value Beta(string name, int channels) => Weights.GetSingle(Graph, $"{name}.bias", channels);
}
