using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Portrait;

/// <summary>The image encoder with identity adapters (SPEC §4): <c>image [1,3,S,S]</c>, <c>id_features [1,1,512]</c> → <c>output [1,tokens,width]</c>.</summary>
public sealed class ImageEncoderGraph
{
    private const float Epsilon = 1e-6f;
    private const float AdapterScale = 0.2f;

    private readonly Dialect dialect;
    private readonly GraphBuilder graph;
    private readonly ImageEncoderConfiguration configuration;

    private ImageEncoderGraph(Dialect dialect, ImageEncoderConfiguration configuration)
    {
        this.dialect = dialect;
        graph = dialect.Graph;
        this.configuration = configuration;
    }

    /// <summary>Writes the network into the dialect's graph.</summary>
    public static void Build(Dialect dialect, ImageEncoderConfiguration configuration, int size) =>
        new ImageEncoderGraph(dialect, configuration).Build(size);

    private void Build(int size)
    {
        AcceptUnusedWeights();
        var image = dialect.Input("image", 1, 3, size, size);
        var identity = graph.Reshape(dialect.Input("id_features", 1, 1, configuration.IdDim), 1, configuration.IdDim);
        var tokens = dialect.FromRows(Embed(image, size / configuration.PatchSize));
        for (var i = 0; i < configuration.Depth; i++)
        {
            tokens = Block(tokens, identity, i);
            dialect.Tap($"block{i}", () => dialect.ToRows(tokens));
        }

        dialect.Output("output", dialect.ToRows(dialect.LayerNorm(tokens, "norm", Epsilon)));
    }

    /// <summary>Patches and class token with positions, then the registers without (SPEC §4 steps 1–3).</summary>
    private Value Embed(Value image, int grid)
    {
        var (width, patch, patches) = (configuration.EmbedDim, configuration.PatchSize, grid * grid);
        var maps = graph.Conv(image, Weight("patch_embed.proj.weight", width, 3, patch, patch), Weight("patch_embed.proj.bias", width), ConvGeometry.Square(0, patch));
        var embedded = graph.Transpose(graph.Reshape(maps, 1, width, patches), 0, 2, 1);
        dialect.Tap("patch_embed", () => embedded);
        var positions = Positions(grid);
        dialect.Tap("pos_embed_interpolated", () => positions);
        var sum = graph.Add(graph.Concat(1, Weight("cls_token", 1, 1, width), embedded), positions);
        var parts = graph.Split(sum, 1, 1, patches);
        return graph.Concat(1, parts[0], Weight("register_tokens", 1, configuration.NumRegisterTokens, width), parts[1]);
    }

    /// <summary>The position table resampled to the grid: constants only, so ONNX Runtime folds it at load.</summary>
    private Value Positions(int grid)
    {
        var (width, side) = (configuration.EmbedDim, configuration.ImgSize / configuration.PatchSize);
        var table = Weight("pos_embed", 1, 1 + side * side, width);
        var parts = graph.Split(table, 1, 1, side * side);
        var matrix = graph.Constant($"resample:{side}:{grid}", [grid * grid, side * side], PositionTable.ResamplingMatrix(side, grid));
        var rows = graph.MatMul(Compute(matrix), graph.Reshape(parts[1], side * side, width));
        return graph.Concat(1, parts[0], graph.Reshape(rows, 1, grid * grid, width));
    }

    private Tokens Block(Tokens tokens, Value identity, int index)
    {
        var name = $"blocks.{index}";
        var attended = SelfAttention(dialect.LayerNorm(tokens, $"{name}.norm1", Epsilon), $"{name}.attn");
        dialect.Tap($"block{index}_attn_out", () => dialect.ToRows(attended));
        tokens = dialect.Add(tokens, Scale(attended, $"{name}.ls1.gamma"));
        var normed = dialect.LayerNorm(tokens, $"{name}.norm2", Epsilon);
        var inner = dialect.Linear(normed, $"{name}.mlp.fc1", configuration.MlpRatio * configuration.EmbedDim);
        var change = dialect.Linear(inner with { Value = graph.Elementwise("Gelu", inner.Value) }, $"{name}.mlp.fc2", configuration.EmbedDim);
        if (configuration.AddAdapterLayer.Contains(index))
        {
            var adapted = Adapter(normed, identity, index);
            dialect.Tap($"block{index}_adapter_out", () => dialect.ToRows(adapted));
            change = dialect.Add(change, adapted with { Value = graph.Mul(adapted.Value, Compute(graph.Scalar(AdapterScale))) });
        }

        return dialect.Add(tokens, Scale(change, $"{name}.ls2.gamma"));
    }

    private Tokens SelfAttention(Tokens tokens, string name)
    {
        var width = configuration.EmbedDim;
        var packed = dialect.ToRows(dialect.Linear(tokens, $"{name}.qkv", 3 * width));
        var parts = graph.Split(packed, 2, width, width, width).Select(dialect.FromRows).ToArray();
        return dialect.Linear(dialect.Attention(parts[0], parts[1], parts[2], configuration.NumHeads), $"{name}.proj", width);
    }

    /// <summary>
    /// There is exactly one key, so every patch receives the same vector and neither queries nor convolution branches matter (SPEC §4, exact
    /// simplification). Class and register tokens keep h; h is then added to all tokens.
    /// </summary>
    private Tokens Adapter(Tokens normed, Value identity, int index)
    {
        var name = $"blocks.{index}.adapter";
        var (inner, registers) = (configuration.VisualAdapterDim, 1 + configuration.NumRegisterTokens);
        var hidden = dialect.Linear(normed, $"{name}.D_fc1", inner);
        var rows = graph.Elementwise("Relu", dialect.ToRows(hidden));
        var parts = graph.Split(rows, 1, registers, rows[1] - registers);
        var vector = graph.Reshape(IdentityVector(identity, $"{name}.cross_attn"), 1, 1, inner);
        dialect.Tap($"block{index}_adapter_cross_attn_out", () => graph.Expand(vector, 1, rows[1] - registers, inner));
        dialect.Tap($"block{index}_adapter_branch3", () => ThirdBranch(parts[1], $"{name}.branch3"));
        var sum = graph.Concat(1, graph.Add(parts[0], parts[0]), graph.Add(parts[1], vector));
        return dialect.Linear(dialect.FromRows(sum), $"{name}.D_fc2", configuration.EmbedDim);
    }

    /// <summary>One of the convolution branches, for recordings of it: nothing in the result depends on it.</summary>
    private Value ThirdBranch(Value patches, string name)
    {
        var side = (int)Math.Sqrt(patches[1]);
        var maps = graph.Reshape(graph.Transpose(patches, 0, 2, 1), 1, patches[2], side, side);
        return NormedConv(NormedConv(maps, $"{name}.0", configuration.VisualAdapterDim / 16, 1), $"{name}.1", configuration.VisualAdapterDim / 4, 5);
    }

    private Value NormedConv(Value maps, string name, int channels, int kernel)
    {
        var hidden = graph.Conv(maps, Weight($"{name}.conv.weight", channels, maps[1], kernel, kernel), Weight($"{name}.conv.bias", channels), ConvGeometry.Square(kernel / 2));
        Value Norm(string part) => Weight($"{name}.bn.{part}", channels);
        var normed = graph.Node("BatchNormalization", hidden.Dims, [hidden, Norm("weight"), Norm("bias"), Norm("running_mean"), Norm("running_var")], ("epsilon", 1e-3f));
        return graph.Elementwise("Relu", normed);
    }

    private Value IdentityVector(Value identity, string name)
    {
        var width = configuration.IdEmbedDim;
        var projected = dialect.LinearRows(identity, $"{name}.id_proj", width);
        var value = graph.Gemm(
            projected,
            graph.Slice(Weight($"{name}.multihead_attn.in_proj_weight", 3 * width, width), 0, 2 * width, 3 * width),
            graph.Slice(Weight($"{name}.multihead_attn.in_proj_bias", 3 * width), 0, 2 * width, 3 * width));
        var attended = dialect.LinearRows(value, $"{name}.multihead_attn.out_proj", width);
        return dialect.LinearRows(attended, $"{name}.back_proj", configuration.VisualAdapterDim);
    }

    private Tokens Scale(Tokens tokens, string gamma) => tokens with { Value = graph.Mul(tokens.Value, Weight(gamma, configuration.EmbedDim)) };

    private Value Weight(string name, params int[] dims) => dialect.Weights.Get(graph, name, dims);

    private Value Compute(Value single) => dialect.Weights.Compute == TensorType.Float ? single : graph.Cast(single, dialect.Weights.Compute);

    private void AcceptUnusedWeights() => dialect.Weights.Accept(name =>
        name == "mask_token" || name.Contains(".adapter.branch", StringComparison.Ordinal) || name.Contains(".adapter.cross_attn.image_proj.", StringComparison.Ordinal));
}
