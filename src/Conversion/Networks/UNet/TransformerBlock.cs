using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Networks.Layers;
using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.UNet;

/// <summary>The spatio-temporal transformer of depth one (SPEC §7.4).</summary>
internal sealed class TransformerBlock(Dialect dialect, CrossContext context, int groups)
{
    private const float Epsilon = 1e-5f;

    /// <summary>Builds one transformer.</summary>
    public Value Build(Value maps, string name, int heads)
    {
        var (channels, batch) = (dialect.Channels(maps), context.Branches.Count);
        var normed = dialect.GroupNorm(maps, $"{name}.norm", new NormSpec(groups, 1e-6f, Silu: false));
        var tokens = dialect.Linear(dialect.ToTokens(normed), $"{name}.proj_in", channels);
        tokens = Spatial(tokens, $"{name}.transformer_blocks.0", heads);
        var temporal = dialect.AddPositions(dialect.ToTimeTokens(tokens, batch), Positions(name, channels));
        temporal = dialect.FromTimeTokens(Temporal(temporal, $"{name}.temporal_transformer_blocks.0", heads), batch);
        dialect.Tap($"mid/{name}.temporal_transformer_blocks.0", () => dialect.ToRows(temporal));
        var mixed = dialect.Mix(tokens, temporal, new MixSpec($"{name}.time_mixer.mix_factor", Reversed: false));
        var result = dialect.Add(dialect.ToMaps(dialect.Linear(mixed, $"{name}.proj_out", channels), maps), maps);
        dialect.Tap($"mid/{name}", () => dialect.ToNchw(result));
        return result;
    }

    private Tokens Spatial(Tokens tokens, string name, int heads)
    {
        var result = Attentions(tokens, dialect.LayerNorm(tokens, $"{name}.norm1", Epsilon), name, heads, overTime: false);
        dialect.Tap($"mid/{name}", () => dialect.ToRows(result));
        return result;
    }

    private Tokens Temporal(Tokens tokens, string name, int heads)
    {
        var first = dialect.FeedForward(dialect.LayerNorm(tokens, $"{name}.norm_in", Epsilon), $"{name}.ff_in");
        var (sum, normed) = dialect.AddLayerNorm(tokens, first, $"{name}.norm1", Epsilon);
        return Attentions(sum, normed, name, heads, overTime: true);
    }

    /// <summary>Self attention, cross attention and feed-forward, each on the normed sum of what came before.</summary>
    private Tokens Attentions(Tokens tokens, Tokens normed, string name, int heads, bool overTime)
    {
        (tokens, normed) = dialect.AddLayerNorm(tokens, SelfAttention(normed, $"{name}.attn1", heads), $"{name}.norm2", Epsilon);
        var cross = dialect.CrossAttention(normed, $"{name}.attn2", heads, context, overTime);
        dialect.Tap($"mid/{name}.attn2", () => dialect.ToRows(cross));
        (tokens, normed) = dialect.AddLayerNorm(tokens, cross, $"{name}.norm3", Epsilon);
        return dialect.Add(tokens, dialect.FeedForward(normed, $"{name}.ff"));
    }

    private Tokens SelfAttention(Tokens tokens, string name, int heads)
    {
        var query = dialect.Linear(tokens, $"{name}.to_q", tokens.Width, hasBias: false);
        var key = dialect.Linear(tokens, $"{name}.to_k", tokens.Width, hasBias: false);
        var value = dialect.Linear(tokens, $"{name}.to_v", tokens.Width, hasBias: false);
        return dialect.Linear(dialect.Attention(query, key, value, heads), $"{name}.to_out.0", tokens.Width);
    }

    /// <summary>The embedding of the frame's index inside the window, <c>[F, C]</c>: constants only, so ONNX Runtime folds it at load.</summary>
    private Value Positions(string name, int channels)
    {
        var graph = dialect.Graph;
        var waves = Sinusoid.OfPositions(graph, context.Frames, channels);
        if (dialect.Weights.Compute != TensorType.Float)
            waves = graph.Cast(waves, dialect.Weights.Compute);
        var inner = graph.Silu(dialect.LinearRows(waves, $"{name}.time_pos_embed.linear_1", 4 * channels));
        var positions = dialect.LinearRows(inner, $"{name}.time_pos_embed.linear_2", channels);
        dialect.Tap($"mid/{name}.time_pos_embed", () => graph.Reshape(
            graph.Expand(graph.Reshape(positions, 1, context.Frames, channels), context.Branches.Count, context.Frames, channels),
            context.Branches.Count * context.Frames, channels));
        return positions;
    }
}
