using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Dialects;

/// <summary>
/// Standard operators only, NCHW maps, tokens as plain rows <c>[S·L, C]</c>: for CPUs and TensorRT. Every exact saving of SPEC §12 that a graph can
/// express is in here; weights keep their official form, and what can be folded (mixtures, halves of GEGLU, slices) ONNX Runtime folds at load.
/// </summary>
public class PortableDialect(GraphBuilder graph, Weights weights) : NchwDialect(graph, weights)
{
    /// <inheritdoc/>
    public override Value GroupNorm(Value maps, string name, NormSpec spec) => NormGroups(maps, name, spec);

    /// <inheritdoc/>
    public override Value AddChannelsGroupNorm(Value maps, Value rows, string name, NormSpec spec) =>
        NormGroups(AddChannels(maps, rows), name, spec);

    /// <inheritdoc/>
    public override Value ToTime(Value maps, int batch) =>
        Graph.Transpose(Graph.Reshape(maps, batch, FramesOf(maps, batch), maps[1], maps[2] * maps[3]), 0, 2, 1, 3);

    /// <inheritdoc/>
    public override Value FromTime(Value time, Value sized) =>
        Graph.Reshape(Graph.Transpose(time, 0, 2, 1, 3), sized[0], time[1], sized[2], sized[3]);

    /// <inheritdoc/>
    public override Value TimeConv(Value time, string name, int outChannels, MixSpec? mix = null)
    {
        var (weight, bias) = TimeKernel(name, outChannels, time[1], mix);
        return Graph.Conv(time, weight, bias, new ConvGeometry([1, 1], [1, 0, 1, 0]));
    }

    /// <inheritdoc/>
    public override Value TimeGroupNorm(Value time, Value? rows, string name, NormSpec spec) =>
        NormGroups(rows is null ? time : Graph.Add(time, Graph.Reshape(rows, rows[0], rows[1], 1, 1)), name, spec);

    /// <summary>The temporal share is already in the last convolution's weights.</summary>
    public override Value MixResidual(Value spatial, Value residual, MixSpec mix) => Graph.Add(spatial, residual);

    /// <inheritdoc/>
    public override Tokens Mix(Tokens spatial, Tokens temporal, MixSpec mix)
    {
        var share = TemporalShare(mix);
        var rest = Graph.Sub(Scalar(1f), share);
        return spatial with { Value = Graph.Add(Graph.Mul(spatial.Value, rest), Graph.Mul(temporal.Value, share)) };
    }

    /// <inheritdoc/>
    public override Tokens ToTokens(Value maps)
    {
        var length = maps[2] * maps[3];
        var rows = Graph.Transpose(Graph.Reshape(maps, maps[0], maps[1], length), 0, 2, 1);
        return new Tokens(Graph.Reshape(rows, Rows(maps[0], length), maps[1]), maps[0], length);
    }

    /// <inheritdoc/>
    public override Value ToMaps(Tokens tokens, Value sized) =>
        Graph.Reshape(Graph.Transpose(ToRows(tokens), 0, 2, 1), tokens.Sequences, tokens.Width, sized[2], sized[3]);

    /// <inheritdoc/>
    public override Tokens FromRows(Value rows) => new(Graph.Reshape(rows, Rows(rows[0], rows[1]), rows[2]), rows[0], rows[1]);

    /// <inheritdoc/>
    public override Value ToRows(Tokens tokens) => Graph.Reshape(tokens.Value, tokens.Sequences, tokens.Length, tokens.Width);

    /// <inheritdoc/>
    public override Tokens ToTimeTokens(Tokens tokens, int batch) => SwapTime(tokens, batch, tokens.Sequences / batch, tokens.Length);

    /// <inheritdoc/>
    public override Tokens FromTimeTokens(Tokens tokens, int batch) => SwapTime(tokens, batch, tokens.Sequences / batch, tokens.Length);

    /// <inheritdoc/>
    public override Tokens AddPositions(Tokens tokens, Value positions) =>
        tokens with { Value = Graph.Reshape(Graph.Add(ToRows(tokens), positions), tokens.Value.Dims) };

    /// <inheritdoc/>
    public override Tokens Linear(Tokens tokens, string name, int outWidth, bool hasBias = true) =>
        tokens with { Value = LinearRows(tokens.Value, name, outWidth, hasBias) };

    /// <inheritdoc/>
    public override Tokens LayerNorm(Tokens tokens, string name, float epsilon) =>
        tokens with { Value = Graph.LayerNormalization(tokens.Value, Weight($"{name}.weight", tokens.Width), Weight($"{name}.bias", tokens.Width), epsilon) };

    /// <inheritdoc/>
    public override (Tokens Sum, Tokens Normed) AddLayerNorm(Tokens tokens, Tokens residual, string name, float epsilon)
    {
        var sum = Add(tokens, residual);
        return (sum, LayerNorm(sum, name, epsilon));
    }

    /// <inheritdoc/>
    public override Tokens Attention(Tokens query, Tokens key, Tokens value, int heads) =>
        query with { Value = Graph.Reshape(Attend(ToRows(query), ToRows(key), ToRows(value), heads), Rows(query.Sequences, query.Length), value.Width) };

    /// <summary>GEGLU as two matrix products: splitting one product would copy it.</summary>
    public override Tokens FeedForward(Tokens tokens, string name)
    {
        var (width, inner) = (tokens.Width, 4 * tokens.Width);
        var weight = Weight($"{name}.net.0.proj.weight", 2 * inner, width);
        var bias = Weight($"{name}.net.0.proj.bias", 2 * inner);
        var value = Graph.Gemm(tokens.Value, Graph.Slice(weight, 0, 0, inner), Graph.Slice(bias, 0, 0, inner));
        var gate = Graph.Gemm(tokens.Value, Graph.Slice(weight, 0, inner, 2 * inner), Graph.Slice(bias, 0, inner, 2 * inner));
        return tokens with { Value = LinearRows(Graph.Mul(value, Graph.Elementwise("Gelu", gate)), $"{name}.net.2", width) };
    }

    /// <inheritdoc/>
    public override Tokens CrossAttention(Tokens tokens, string name, int heads, CrossContext context, bool overTime)
    {
        var rowsPerEntry = tokens.Value[0] / context.Branches.Count;
        var runs = BranchRun.Of(context.Branches);
        var parts = Graph.Split(tokens.Value, 0, [.. runs.Select(run => run.Count * rowsPerEntry)]);
        var results = runs.Zip(parts, (run, rows) => run.Branch == GuidanceBranch.Uncond
            ? Graph.Expand(Weight($"{name}.to_out.0.bias", tokens.Width), rows.Dims)
            : CrossAttendRun(rows, name, heads, new CrossRun(context, run, overTime)));
        return tokens with { Value = Graph.Concat(0, [.. results]) };
    }

    /// <summary>Attention over projected rows <c>[S, L, C]</c>.</summary>
    protected virtual Value Attend(Value query, Value key, Value value, int heads) => Graph.Attention(query, key, value, heads);

    /// <summary>Weight <c>[out, in, 3, 1]</c> and bias of a temporal convolution, with the temporal share of the mixture behind it folded in.</summary>
    protected (Value Weight, Value Bias) TimeKernel(string name, int outChannels, int inChannels, MixSpec? mix)
    {
        var weight = Graph.Reshape(Weight($"{name}.weight", outChannels, inChannels, 3, 1, 1), outChannels, inChannels, 3, 1);
        var bias = Weight($"{name}.bias", outChannels);
        if (mix is null)
            return (weight, bias);
        var share = TemporalShare(mix);
        return (Graph.Mul(weight, share), Graph.Mul(bias, share));
    }

    /// <summary>The learned share of the temporal result, a constant that ONNX Runtime folds.</summary>
    private Value TemporalShare(MixSpec mix)
    {
        var alpha = Graph.Elementwise("Sigmoid", Weight(mix.Name, 1));
        return mix.Reversed ? alpha : Graph.Sub(Scalar(1f), alpha);
    }

    /// <summary>Product of two lengths of which the first may be free.</summary>
    protected static int Rows(int sequences, int length) => sequences == Value.Free ? Value.Free : sequences * length;

    /// <summary>Frames per batch entry; free when the number of maps is.</summary>
    protected static int FramesOf(Value maps, int batch) => maps[0] == Value.Free ? Value.Free : maps[0] / batch;

    private Value Scalar(float value) => Weights.Compute == TensorType.Float ? Graph.Scalar(value) : Graph.Cast(Graph.Scalar(value), Weights.Compute);

    private Value CrossAttendRun(Value rows, string name, int heads, CrossRun run)
    {
        var query = LinearRows(rows, $"{name}.to_q", rows[1], hasBias: false);
        var result = AttendTo(query, run.ImageTokens(Graph), $"{name}.to_k", $"{name}.to_v", heads);
        if (run.MotionTokens(Graph) is { } motionTokens)
        {
            var motion = AttendTo(query, motionTokens, $"{name}.processor.to_k_ip.0", $"{name}.processor.to_v_ip.0", heads);
            result = Graph.Add(result, run.Context.MotionScale == 1f ? motion : Graph.Mul(motion, Scalar(run.Context.MotionScale)));
        }

        return LinearRows(result, $"{name}.to_out.0", rows[1]);
    }

    /// <summary>Queries <c>[R, C]</c> against contexts <c>[G, N, D]</c>: rows are cut into G equal runs, each with its own context.</summary>
    private Value AttendTo(Value query, Value context, string keyName, string valueName, int heads)
    {
        var (groups, count, width) = (context[0], context[1], query[1]);
        var flat = Graph.Reshape(context, groups * count, context[2]);
        var key = Graph.Reshape(LinearRows(flat, keyName, width, hasBias: false), groups, count, width);
        var value = Graph.Reshape(LinearRows(flat, valueName, width, hasBias: false), groups, count, width);
        return Graph.Reshape(Attend(Graph.Reshape(query, groups, query[0] / groups, width), key, value, heads), query.Dims);
    }

    private Value AddChannels(Value maps, Value rows)
    {
        if (rows[0] == 1)
            return Graph.Add(maps, Graph.Reshape(rows, 1, rows[1], 1, 1));
        var perEntry = Graph.Reshape(maps, rows[0], maps[0] / rows[0], maps[1], maps[2] * maps[3]);
        return Graph.Reshape(Graph.Add(perEntry, Graph.Reshape(rows, rows[0], 1, rows[1], 1)), maps.Dims);
    }

    private Tokens SwapTime(Tokens tokens, int batch, int outer, int inner)
    {
        var grid = Graph.Reshape(tokens.Value, batch, outer, inner, tokens.Width);
        var swapped = Graph.Reshape(Graph.Transpose(grid, 0, 2, 1, 3), tokens.Value.Dims);
        return new Tokens(swapped, batch * inner, outer);
    }

    /// <summary>Group norm of <c>[n, C, a, b]</c>, as instance norm over groups: the CPU provider runs this form faster than GroupNormalization.</summary>
    private Value NormGroups(Value x, string name, NormSpec spec)
    {
        var channels = x[1];
        var groups = Graph.Reshape(x, x[0], spec.Groups, x.Dims.Contains(Value.Free) && x[0] != Value.Free ? Value.Free : channels / spec.Groups * x[2] * x[3]);
        var normed = Graph.Node("InstanceNormalization", groups.Dims,
            [groups, Constants($"ones:{spec.Groups}", spec.Groups, 1f), Constants($"zeros:{spec.Groups}", spec.Groups, 0f)], ("epsilon", spec.Epsilon));
        var scaled = Graph.Add(
            Graph.Mul(Graph.Reshape(normed, x.Dims), Graph.Reshape(Weight($"{name}.weight", channels), 1, channels, 1, 1)),
            Graph.Reshape(Weight($"{name}.bias", channels), 1, channels, 1, 1));
        return spec.Silu ? Graph.Silu(scaled) : scaled;
    }

    private Value Constants(string name, int count, float value) => Graph.Constant(name, [count], [.. Enumerable.Repeat(value, count)]);
}
