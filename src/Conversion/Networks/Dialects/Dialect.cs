using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Dialects;

/// <summary>
/// How layers are written down as ONNX nodes. Architectures speak only to this class, so one description of a network yields every form: the literal
/// one (<see cref="NaiveDialect"/>), the one for CPUs and TensorRT (<see cref="PortableDialect"/>) and the one with the CUDA provider's fused
/// operators (<see cref="CudaNhwcDialect"/>). Maps and tokens are opaque to architectures: each dialect has its own layout.
/// </summary>
public abstract class Dialect(GraphBuilder graph, Weights weights)
{
    /// <summary>The graph under construction.</summary>
    public GraphBuilder Graph { get; } = graph;

    /// <summary>The network's weights.</summary>
    public Weights Weights { get; } = weights;

    /// <summary>Declares an input and brings it to the graph's arithmetic type.</summary>
    public Value Input(string name, params int[] dims)
    {
        var input = Graph.Input(name, dims);
        return Weights.Compute == TensorType.Float ? input : Graph.Cast(input, Weights.Compute);
    }

    /// <summary>Declares an fp32 output.</summary>
    public void Output(string name, Value value) =>
        Graph.Output(name, Weights.Compute == TensorType.Float ? value : Graph.Cast(value, TensorType.Float));

    /// <summary>Picture-sized input <c>[n, C, H, W]</c> → maps.</summary>
    public abstract Value FromNchw(Value nchw);

    /// <summary>Maps → <c>[n, C, H, W]</c>.</summary>
    public abstract Value ToNchw(Value maps);

    /// <summary>Channels of maps.</summary>
    public abstract int Channels(Value maps);

    /// <summary>Convolution over each map.</summary>
    public abstract Value Conv(Value maps, string name, ConvSpec spec);

    /// <summary>Group norm over each map.</summary>
    public abstract Value GroupNorm(Value maps, string name, NormSpec spec);

    /// <summary>Adds <c>rows [1 or B, C]</c> to the channels of maps, then norms.</summary>
    /// <param name="maps">Maps of B batch entries.</param>
    /// <param name="rows">One row for all, or one per batch entry.</param>
    /// <param name="name">Of the norm.</param>
    /// <param name="spec">The norm.</param>
    public abstract Value AddChannelsGroupNorm(Value maps, Value rows, string name, NormSpec spec);

    /// <summary>Twice the height and width, by repetition.</summary>
    public abstract Value Upsample(Value maps);

    /// <summary>Joins channels.</summary>
    public abstract Value ConcatChannels(Value first, Value second);

    /// <summary>Sum of values of one layout.</summary>
    public Value Add(Value a, Value b) => Graph.Add(a, b);

    /// <summary>Maps of B·F frames → the layout in which time is an axis.</summary>
    /// <param name="maps">Maps.</param>
    /// <param name="batch">B.</param>
    public abstract Value ToTime(Value maps, int batch);

    /// <summary>Back from <see cref="ToTime"/>; <paramref name="sized"/> gives height and width.</summary>
    public abstract Value FromTime(Value time, Value sized);

    /// <summary>Convolution (3,1,1) with one frame of zero padding on both ends, in the time layout.</summary>
    /// <param name="time">In the time layout.</param>
    /// <param name="name">Of the layer; weight <c>[out, in, 3, 1, 1]</c>.</param>
    /// <param name="outChannels">Channels of the result.</param>
    /// <param name="mix">For the last convolution of a temporal block: the mixture that <see cref="MixResidual"/> will apply.</param>
    public abstract Value TimeConv(Value time, string name, int outChannels, MixSpec? mix = null);

    /// <summary>Group norm whose statistics run over all frames of a batch entry jointly, in the time layout.</summary>
    /// <param name="time">In the time layout.</param>
    /// <param name="rows"><c>[1 or B, C]</c> added to the channels first, or null.</param>
    /// <param name="name">Of the norm.</param>
    /// <param name="spec">The norm.</param>
    public abstract Value TimeGroupNorm(Value time, Value? rows, string name, NormSpec spec);

    /// <summary>Mixture of the spatial result s and the temporal result s + h, where h came from <see cref="TimeConv"/> with the same mixture.</summary>
    public abstract Value MixResidual(Value spatial, Value residual, MixSpec mix);

    /// <summary>Mixture of spatial and temporal tokens.</summary>
    public abstract Tokens Mix(Tokens spatial, Tokens temporal, MixSpec mix);

    /// <summary>Maps → one sequence of H·W tokens for every map.</summary>
    public abstract Tokens ToTokens(Value maps);

    /// <summary>Back from <see cref="ToTokens"/>; <paramref name="sized"/> gives height and width.</summary>
    public abstract Value ToMaps(Tokens tokens, Value sized);

    /// <summary>A <c>[S, L, C]</c> value → tokens.</summary>
    public abstract Tokens FromRows(Value rows);

    /// <summary>Tokens → <c>[S, L, C]</c>.</summary>
    public abstract Value ToRows(Tokens tokens);

    /// <summary>Sequences over pixels → sequences over frames.</summary>
    /// <param name="tokens">B·F sequences of H·W tokens.</param>
    /// <param name="batch">B.</param>
    public abstract Tokens ToTimeTokens(Tokens tokens, int batch);

    /// <summary>Back from <see cref="ToTimeTokens"/>.</summary>
    public abstract Tokens FromTimeTokens(Tokens tokens, int batch);

    /// <summary>Adds a row per position of every sequence, <c>[L, C]</c>.</summary>
    public abstract Tokens AddPositions(Tokens tokens, Value positions);

    /// <summary>Linear layer.</summary>
    public abstract Tokens Linear(Tokens tokens, string name, int outWidth, bool hasBias = true);

    /// <summary>Layer norm.</summary>
    public abstract Tokens LayerNorm(Tokens tokens, string name, float epsilon);

    /// <summary>Residual sum and the layer norm of it.</summary>
    public abstract (Tokens Sum, Tokens Normed) AddLayerNorm(Tokens tokens, Tokens residual, string name, float epsilon);

    /// <summary>Scaled dot-product attention within each sequence; queries, keys and values are already projected.</summary>
    public abstract Tokens Attention(Tokens query, Tokens key, Tokens value, int heads);

    /// <summary>GEGLU feed-forward <c>C → 8C → 4C → C</c>.</summary>
    public abstract Tokens FeedForward(Tokens tokens, string name);

    /// <summary>Cross attention to image and motion tokens, summed before the output projection (SPEC §7.3, §7.4).</summary>
    /// <param name="tokens">Normed tokens of all batch entries, batch-major.</param>
    /// <param name="name">Of the attention.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="context">What is looked at.</param>
    /// <param name="overTime">True: sequences over frames, which look at the mean of the window's tokens.</param>
    public abstract Tokens CrossAttention(Tokens tokens, string name, int heads, CrossContext context, bool overTime);

    /// <summary>Residual sum of tokens.</summary>
    public Tokens Add(Tokens a, Tokens b) => a with { Value = Graph.Add(a.Value, b.Value) };

    /// <summary>Adds an intermediate value to the outputs if somebody asked for it.</summary>
    public void Tap(string name, Func<Value> value)
    {
        if (Graph.IsTapped(name))
            Output(name, value());
    }

    /// <summary>Linear layer on plain rows <c>[R, K]</c>.</summary>
    public Value LinearRows(Value rows, string name, int outWidth, bool hasBias = true) =>
        Graph.Gemm(rows, Weight($"{name}.weight", outWidth, rows[1]), hasBias ? Weight($"{name}.bias", outWidth) : null);

    /// <summary>A weight of the network.</summary>
    protected Value Weight(string name, params int[] dims) => Weights.Get(Graph, name, dims);
}
