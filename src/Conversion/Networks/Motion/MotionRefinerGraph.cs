using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Motion;

/// <summary>
/// The intensity-aware motion refiner (SPEC §5.3): <c>features [T·n,input]</c> (n tokens per frame), <c>head_id [1]</c>, <c>exp_id [1]</c> →
/// <c>output [T,queries,output]</c>, with T free.
/// </summary>
public sealed class MotionRefinerGraph
{
    private const int IntensityLevels = 128;

    private readonly Dialect dialect;
    private readonly MotionRefinerConfiguration configuration;
    private readonly Value intensity;

    private MotionRefinerGraph(Dialect dialect, MotionRefinerConfiguration configuration)
    {
        this.dialect = dialect;
        this.configuration = configuration;
        var graph = dialect.Graph;
        var embedding = graph.Add(Intensity("position_head", "head_id"), Intensity("position_exp", "exp_id"));
        intensity = graph.Silu(embedding);
    }

    /// <summary>Writes the network into the dialect's graph.</summary>
    /// <param name="dialect">The form of the nodes.</param>
    /// <param name="configuration">Sizes.</param>
    /// <param name="tokensPerFrame">Feature vectors per frame: 1 in the pipeline.</param>
    public static void Build(Dialect dialect, MotionRefinerConfiguration configuration, int tokensPerFrame = 1) =>
        new MotionRefinerGraph(dialect, configuration).Build(tokensPerFrame);

    private void Build(int tokensPerFrame)
    {
        var graph = dialect.Graph;
        var (width, queries) = (configuration.Width, configuration.NumQueries);
        var features = dialect.Input("features", Value.Free, configuration.InputDim);
        var input = graph.Reshape(dialect.LinearRows(features, "connector.proj_in", width), Value.Free, tokensPerFrame, width);

        var latents = graph.Add(
            dialect.Weights.Get(graph, "connector.latents", queries, width),
            dialect.LinearRows(intensity, "connector.intensity_aware_linear", width));
        // One copy of the queries for every frame, without asking for the number of frames: broadcast over a zero of the frame's rank.
        var zero = graph.Mul(graph.Slice(input, 1, 0, 1), graph.Scalar(0f));
        var hidden = graph.Add(graph.Reshape(latents, 1, queries, width), zero);
        for (var layer = 0; layer < configuration.Layers; layer++)
        {
            hidden = Layer(hidden, input, $"connector.perceiver_blocks.{layer}");
            dialect.Tap($"block{layer}", () => hidden);
        }

        var rows = dialect.LinearRows(graph.Reshape(hidden, Value.Free, width), "connector.proj_out.0", configuration.OutputDim);
        var normed = graph.LayerNormalization(
            rows,
            dialect.Weights.Get(graph, "connector.proj_out.1.weight", configuration.OutputDim),
            dialect.Weights.Get(graph, "connector.proj_out.1.bias", configuration.OutputDim), 1e-5f);
        dialect.Output("output", graph.Reshape(normed, Value.Free, queries, configuration.OutputDim));
    }

    private Value Layer(Value hidden, Value input, string name)
    {
        var graph = dialect.Graph;
        var normed = AdaptiveNorm(hidden, $"{name}.ln_1");
        var context = graph.Concat(1, normed, AdaptiveNorm(input, $"{name}.ln_2"));
        hidden = graph.Add(hidden, Attention(normed, context, $"{name}.attn"));
        var inner = Rows(AdaptiveNorm(hidden, $"{name}.ln_ff"));
        inner = graph.Elementwise("Relu", dialect.LinearRows(inner, $"{name}.mlp.c_fc", 4 * configuration.Width));
        inner = dialect.LinearRows(graph.Mul(inner, inner), $"{name}.mlp.c_proj", configuration.Width);
        return graph.Add(hidden, graph.Reshape(inner, hidden.Dims));
    }

    /// <summary>Layer norm without weights, then a scale and a shift that depend on the intensity; the shift comes first in the linear layer.</summary>
    private Value AdaptiveNorm(Value x, string name)
    {
        var (graph, width) = (dialect.Graph, configuration.Width);
        var ones = graph.Constant($"ones:{width}", [width], [.. Enumerable.Repeat(1f, width)]);
        // The bias is written out: ONNX Runtime 1.31 crashes when it fuses a sum with a layer norm that has none.
        var zeros = graph.Constant($"zeros:{width}", [width], new float[width]);
        var normed = graph.LayerNormalization(x, ones, zeros, 1e-6f);
        var parts = graph.Split(dialect.LinearRows(intensity, $"{name}.linear", 2 * width), 1, width, width);
        var scale = graph.Reshape(graph.Add(parts[1], graph.Scalar(1f)), 1, 1, width);
        return graph.Add(graph.Mul(normed, scale), graph.Reshape(parts[0], 1, 1, width));
    }

    private Value Attention(Value query, Value context, string name)
    {
        var (graph, width) = (dialect.Graph, configuration.Width);
        var weights = graph.Split(dialect.Weights.Get(graph, $"{name}.in_proj_weight", 3 * width, width), 0, width, width, width);
        var biases = graph.Split(dialect.Weights.Get(graph, $"{name}.in_proj_bias", 3 * width), 0, width, width, width);
        Value Project(Value x, int part) => graph.Reshape(graph.Gemm(Rows(x), weights[part], biases[part]), x.Dims);
        var attended = dialect.Attention(Sequence(Project(query, 0)), Sequence(Project(context, 1)), Sequence(Project(context, 2)), configuration.Heads);
        return dialect.ToRows(dialect.Linear(attended, $"{name}.out_proj", width));
    }

    private Value Intensity(string table, string id) =>
        dialect.Graph.Gather(dialect.Weights.Get(dialect.Graph, $"{table}.weight", IntensityLevels, configuration.IntensityEmbedDim), dialect.Graph.Input(id, 1));

    private Tokens Sequence(Value rows) => dialect.FromRows(rows);

    private Value Rows(Value x) => dialect.Graph.Reshape(x, Value.Free, x[^1]);
}
