using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Networks.Layers;
using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Vae;

/// <summary>The VAE's encoder (SPEC §8): <c>image [1,3,H,W]</c> → <c>latent_mode</c> and <c>latent_logvar [1,4,H/8,W/8]</c>.</summary>
public static class VaeEncoderGraph
{
    private const float Epsilon = 1e-6f;

    /// <summary>Writes the network into the dialect's graph.</summary>
    public static void Build(Dialect dialect, VaeConfiguration configuration, int height, int width)
    {
        var channels = configuration.BlockOutChannels;
        var residual = new ResidualBlock(dialect, null, batch: 1, configuration.NormNumGroups);
        var hidden = dialect.FromNchw(dialect.Input("image", 1, configuration.InChannels, height, width));
        hidden = dialect.Conv(hidden, "encoder.conv_in", ConvSpec.Same3(channels[0]));
        for (var level = 0; level < channels.Count; level++)
        {
            for (var layer = 0; layer < configuration.LayersPerBlock; layer++)
                hidden = residual.BuildSpatial(hidden, $"encoder.down_blocks.{level}.resnets.{layer}", channels[level], Epsilon);
            if (level < channels.Count - 1)
                hidden = dialect.Conv(hidden, $"encoder.down_blocks.{level}.downsamplers.0.conv", new ConvSpec(channels[level], 3, new ConvGeometry([2, 2], [0, 0, 1, 1])));
        }

        hidden = residual.BuildSpatial(hidden, "encoder.mid_block.resnets.0", channels[^1], Epsilon);
        hidden = VaeAttention.Build(dialect, hidden, "encoder.mid_block.attentions.0", configuration.NormNumGroups);
        dialect.Tap("mid/encoder_mid_attention", () => dialect.ToNchw(hidden));
        hidden = residual.BuildSpatial(hidden, "encoder.mid_block.resnets.1", channels[^1], Epsilon);
        hidden = dialect.GroupNorm(hidden, "encoder.conv_norm_out", new NormSpec(configuration.NormNumGroups, Epsilon, Silu: true));
        hidden = dialect.Conv(hidden, "encoder.conv_out", ConvSpec.Same3(2 * configuration.LatentChannels));
        dialect.Tap("mid/encoder_raw", () => dialect.ToNchw(hidden));
        var moments = dialect.Graph.Split(
            dialect.ToNchw(dialect.Conv(hidden, "quant_conv", ConvSpec.Point(2 * configuration.LatentChannels))), 1, configuration.LatentChannels, configuration.LatentChannels);
        dialect.Output("latent_mode", moments[0]);
        dialect.Tap("latent_logvar", () => moments[1]);
    }
}

/// <summary>Single-head self attention over the pixels of each map, with its residual (SPEC §8).</summary>
internal static class VaeAttention
{
    /// <summary>Builds one attention.</summary>
    public static Value Build(Dialect dialect, Value maps, string name, int groups)
    {
        var width = dialect.Channels(maps);
        var tokens = dialect.ToTokens(dialect.GroupNorm(maps, $"{name}.group_norm", new NormSpec(groups, 1e-6f, Silu: false)));
        var attended = dialect.Attention(
            dialect.Linear(tokens, $"{name}.to_q", width),
            dialect.Linear(tokens, $"{name}.to_k", width),
            dialect.Linear(tokens, $"{name}.to_v", width), heads: 1);
        return dialect.Add(dialect.ToMaps(dialect.Linear(attended, $"{name}.to_out.0", width), maps), maps);
    }
}
