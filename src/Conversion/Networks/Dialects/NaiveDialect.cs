using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Dialects;

/// <summary>
/// A literal transcription of SPEC §4–§8: decomposed attention, 3-D temporal convolutions, temporal contexts repeated for every pixel, all branches
/// computed in full. It is the yardstick for the other dialects and is never shipped.
/// </summary>
public sealed class NaiveDialect(GraphBuilder graph, Weights weights) : NchwDialect(graph, weights)
{
    /// <inheritdoc/>
    public override Value GroupNorm(Value maps, string name, NormSpec spec) => NormGroups(maps, name, spec);

    /// <inheritdoc/>
    public override Value AddChannelsGroupNorm(Value maps, Value rows, string name, NormSpec spec)
    {
        var perEntry = Graph.Reshape(rows, rows[0], 1, rows[1]);
        var perFrame = Graph.Reshape(Graph.Expand(perEntry, rows[0], maps[0] / rows[0], rows[1]), maps[0], rows[1], 1, 1);
        return NormGroups(Graph.Add(maps, perFrame), name, spec);
    }

    /// <inheritdoc/>
    public override Value ToTime(Value maps, int batch) =>
        Graph.Transpose(Graph.Reshape(maps, batch, maps[0] == Value.Free ? Value.Free : maps[0] / batch, maps[1], maps[2], maps[3]), 0, 2, 1, 3, 4);

    /// <inheritdoc/>
    public override Value FromTime(Value time, Value sized) => Graph.Reshape(Graph.Transpose(time, 0, 2, 1, 3, 4), sized[0], time[1], sized[2], sized[3]);

    /// <inheritdoc/>
    public override Value TimeConv(Value time, string name, int outChannels, MixSpec? mix = null) =>
        Graph.Conv(time, Weight($"{name}.weight", outChannels, time[1], 3, 1, 1), Weight($"{name}.bias", outChannels), new ConvGeometry([1, 1, 1], [1, 0, 0, 1, 0, 0]));

    /// <inheritdoc/>
    public override Value TimeGroupNorm(Value time, Value? rows, string name, NormSpec spec) =>
        NormGroups(rows is null ? time : Graph.Add(time, Graph.Reshape(rows, rows[0], rows[1], 1, 1, 1)), name, spec);

    /// <inheritdoc/>
    public override Value MixResidual(Value spatial, Value residual, MixSpec mix) => Mix(spatial, Graph.Add(spatial, residual), mix);

    /// <inheritdoc/>
    public override Tokens Mix(Tokens spatial, Tokens temporal, MixSpec mix) => spatial with { Value = Mix(spatial.Value, temporal.Value, mix) };

    /// <inheritdoc/>
    public override Tokens ToTokens(Value maps) =>
        FromRows(Graph.Transpose(Graph.Reshape(maps, maps[0], maps[1], maps[2] * maps[3]), 0, 2, 1));

    /// <inheritdoc/>
    public override Value ToMaps(Tokens tokens, Value sized) =>
        Graph.Reshape(Graph.Transpose(tokens.Value, 0, 2, 1), tokens.Sequences, tokens.Width, sized[2], sized[3]);

    /// <inheritdoc/>
    public override Tokens FromRows(Value rows) => new(rows, rows[0], rows[1]);

    /// <inheritdoc/>
    public override Value ToRows(Tokens tokens) => tokens.Value;

    /// <inheritdoc/>
    public override Tokens ToTimeTokens(Tokens tokens, int batch) => SwapTime(tokens, batch);

    /// <inheritdoc/>
    public override Tokens FromTimeTokens(Tokens tokens, int batch) => SwapTime(tokens, batch);

    /// <inheritdoc/>
    public override Tokens AddPositions(Tokens tokens, Value positions) => tokens with { Value = Graph.Add(tokens.Value, positions) };

    /// <inheritdoc/>
    public override Tokens Linear(Tokens tokens, string name, int outWidth, bool hasBias = true) =>
        tokens with { Value = Project(tokens.Value, name, outWidth, hasBias) };

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
    public override Tokens Attention(Tokens query, Tokens key, Tokens value, int heads) => query with { Value = Attend(query.Value, key.Value, value.Value, heads) };

    /// <inheritdoc/>
    public override Tokens FeedForward(Tokens tokens, string name)
    {
        var inner = 4 * tokens.Width;
        var both = Graph.Split(Project(tokens.Value, $"{name}.net.0.proj", 2 * inner), 2, inner, inner);
        return tokens with { Value = Project(Graph.Mul(both[0], Graph.Elementwise("Gelu", both[1])), $"{name}.net.2", tokens.Width) };
    }

    /// <inheritdoc/>
    public override Tokens CrossAttention(Tokens tokens, string name, int heads, CrossContext context, bool overTime)
    {
        var query = Project(tokens.Value, $"{name}.to_q", tokens.Width, hasBias: false);
        var result = AttendTo(query, Context(context.ImageTokens, tokens, context, overTime), ($"{name}.to_k", $"{name}.to_v"), heads);
        if (context.MotionScale != 0f)
        {
            var motion = AttendTo(query, Context(context.MotionTokens, tokens, context, overTime), ($"{name}.processor.to_k_ip.0", $"{name}.processor.to_v_ip.0"), heads);
            result = Graph.Add(result, Graph.Mul(motion, Graph.Scalar(context.MotionScale)));
        }

        return tokens with { Value = Project(result, $"{name}.to_out.0", tokens.Width) };
    }

    private Value AttendTo(Value query, Value context, (string Key, string Value) names, int heads) =>
        Attend(query, Project(context, names.Key, query[2], hasBias: false), Project(context, names.Value, query[2], hasBias: false), heads);

    /// <summary>For sequences over time: the window's mean, repeated for every pixel as the reference does.</summary>
    private Value Context(Value context, Tokens tokens, CrossContext cross, bool overTime)
    {
        if (!overTime)
            return context;
        var batch = context[0] / cross.Frames;
        var mean = Graph.ReduceMean(Graph.Reshape(context, batch, cross.Frames, context[1], context[2]), [1], keepDims: true);
        return Graph.Reshape(Graph.Expand(mean, batch, tokens.Sequences / batch, context[1], context[2]), tokens.Sequences, context[1], context[2]);
    }

    private Value Project(Value rows, string name, int outWidth, bool hasBias = true)
    {
        var product = Graph.MatMul(rows, Graph.Transpose(Weight($"{name}.weight", outWidth, rows[^1]), 1, 0));
        return hasBias ? Graph.Add(product, Weight($"{name}.bias", outWidth)) : product;
    }

    private Value Attend(Value query, Value key, Value value, int heads)
    {
        var size = query[2] / heads;
        var scores = Graph.MatMul(
            Graph.Mul(SplitHeads(query, heads, 0, 2, 1, 3), Graph.Scalar(1f / MathF.Sqrt(size))),
            SplitHeads(key, heads, 0, 2, 3, 1));
        var joined = Graph.MatMul(Graph.Softmax(scores), SplitHeads(value, heads, 0, 2, 1, 3));
        return Graph.Reshape(Graph.Transpose(joined, 0, 2, 1, 3), query.Dims);
    }

    private Value SplitHeads(Value rows, int heads, params int[] permutation) =>
        Graph.Transpose(Graph.Reshape(rows, rows[0], rows[1], heads, rows[2] / heads), permutation);

    private Tokens SwapTime(Tokens tokens, int batch)
    {
        var (outer, inner) = (tokens.Sequences / batch, tokens.Length);
        var swapped = Graph.Transpose(Graph.Reshape(tokens.Value, batch, outer, inner, tokens.Width), 0, 2, 1, 3);
        return new Tokens(Graph.Reshape(swapped, batch * inner, outer, tokens.Width), batch * inner, outer);
    }

    private Value Mix(Value spatial, Value temporal, MixSpec mix)
    {
        var alpha = Graph.Elementwise("Sigmoid", Weight(mix.Name, 1));
        var share = mix.Reversed ? Graph.Sub(Graph.Scalar(1f), alpha) : alpha;
        return Graph.Add(Graph.Mul(share, spatial), Graph.Mul(Graph.Sub(Graph.Scalar(1f), share), temporal));
    }

    private Value NormGroups(Value x, string name, NormSpec spec)
    {
        var normed = Graph.Node("GroupNormalization", x.Dims, [x, Weight($"{name}.weight", x[1]), Weight($"{name}.bias", x[1])],
            ("num_groups", spec.Groups), ("epsilon", spec.Epsilon));
        return spec.Silu ? Graph.Silu(normed) : normed;
    }
}
