using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Dialects;

/// <summary>
/// The CUDA provider's fused operators on NHWC maps <c>[n, H, W, C]</c>: most changes of layout become free reshapes, group norm with SiLU and the time
/// embedding's sum are one node, GEGLU is one node, attention reaches the flash kernels. Tokens are the portable dialect's.
/// </summary>
public sealed class CudaNhwcDialect(GraphBuilder graph, Weights weights) : PortableDialect(graph, weights)
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
    public override Value GroupNorm(Value maps, string name, NormSpec spec) =>
        Graph.Node($"{Domain}.GroupNorm", maps.Dims, [maps, Gamma(name, maps[3]), Beta(name, maps[3])], Attributes(spec));

    /// <inheritdoc/>
    public override Value AddChannelsGroupNorm(Value maps, Value rows, string name, NormSpec spec)
    {
        var perMap = rows[0] == maps[0] ? rows : Graph.Reshape(
            Graph.Expand(Graph.Reshape(rows, rows[0], 1, rows[1]), rows[0], maps[0] / rows[0], rows[1]), maps[0], rows[1]);
        return Graph.Nodes($"{Domain}.SkipGroupNorm", [maps.Dims], [maps, Gamma(name, maps[3]), Beta(name, maps[3]), perMap], Attributes(spec))[0];
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
        var weight = Graph.Reshape(Weight($"{name}.weight", outChannels, time[3], 3, 1, 1), outChannels, time[3], 3, 1);
        var bias = Weight($"{name}.bias", outChannels);
        if (mix is not null)
        {
            var share = TemporalShare(mix);
            weight = Graph.Mul(weight, share);
            bias = Graph.Mul(bias, share);
        }

        return NhwcConv(time, Graph.Transpose(weight, 0, 2, 3, 1), bias, new ConvGeometry([1, 1], [1, 0, 1, 0]));
    }

    /// <inheritdoc/>
    public override Value TimeGroupNorm(Value time, Value? rows, string name, NormSpec spec)
    {
        if (rows is null)
            return GroupNorm(time, name, spec);
        var perEntry = rows[0] == time[0] ? rows : Graph.Expand(rows, time[0], rows[1]);
        return Graph.Nodes($"{Domain}.SkipGroupNorm", [time.Dims], [time, Gamma(name, time[3]), Beta(name, time[3]), perEntry], Attributes(spec))[0];
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
        var dims = tokens.Value.Dims;
        var outputs = Graph.Nodes($"{Domain}.SkipLayerNormalization", [dims, null, null, dims],
            [tokens.Value, residual.Value, Weight($"{name}.weight", tokens.Width), Weight($"{name}.bias", tokens.Width)], ("epsilon", epsilon));
        return (tokens with { Value = outputs[3] }, tokens with { Value = outputs[0] });
    }

    /// <inheritdoc/>
    public override Tokens FeedForward(Tokens tokens, string name)
    {
        var inner = 4 * tokens.Width;
        if (!FusedGegluWidths.Contains(inner))
            return base.FeedForward(tokens, name);
        var product = Graph.Gemm(tokens.Value, Weight($"{name}.net.0.proj.weight", 2 * inner, tokens.Width), null);
        var gated = Graph.Node($"{Domain}.BiasSplitGelu", [tokens.Sequences, tokens.Length, inner],
            [Graph.Reshape(product, tokens.Sequences, tokens.Length, 2 * inner), Weight($"{name}.net.0.proj.bias", 2 * inner)]);
        return tokens with { Value = LinearRows(Graph.Reshape(gated, tokens.Value[0], inner), $"{name}.net.2", tokens.Width) };
    }

    /// <inheritdoc/>
    protected override Value Attend(Value query, Value key, Value value, int heads)
    {
        Graph.CountAttention(query, key);
        return Graph.Node($"{Domain}.MultiHeadAttention", query.Dims, [query, key, value], ("num_heads", heads));
    }

    private Value NhwcConv(Value x, Value weight, Value? bias, ConvGeometry geometry)
    {
        int[] dims =
        [
            x[0],
            geometry.OutputLength(0, 2, x[1], weight[1]),
            geometry.OutputLength(1, 2, x[2], weight[2]),
            weight[0],
        ];
        // A free height (frames of a decode chunk) stays free: the temporal convolution keeps its length.
        if (x[1] == Value.Free)
            dims[1] = Value.Free;
        Graph.CountMultiplyAccumulates([.. dims.Select(dim => (long)dim), weight[1], weight[2], weight[3]]);
        return Graph.Node($"{Domain}.NhwcConv", dims, [x, weight, bias],
            ("kernel_shape", weight.Dims[1..3]), ("strides", geometry.Strides), ("pads", geometry.Pads), ("group", geometry.Groups));
    }

    private Value Gamma(string name, int channels) => Weights.GetSingle(Graph, $"{name}.weight", channels);

    private Value Beta(string name, int channels) => Weights.GetSingle(Graph, $"{name}.bias", channels);

    private static (string, object)[] Attributes(NormSpec spec) =>
        [("groups", spec.Groups), ("epsilon", spec.Epsilon), ("activation", spec.Silu ? 1 : 0), ("channels_last", 1)];
}
