using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Networks.Layers;
using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Vae;

/// <summary>The VAE's temporal decoder (SPEC §8): one chunk <c>latents [n,4,h,w]</c> → <c>frames [n,3,8h,8w]</c>, with n free.</summary>
public static class VaeDecoderGraph
{
    /// <summary>Writes the network into the dialect's graph.</summary>
    public static void Build(Dialect dialect, VaeConfiguration configuration, int height, int width)
    {
        var channels = configuration.BlockOutChannels;
        var residual = new ResidualBlock(dialect, null, batch: 1, configuration.NormNumGroups);
        var hidden = dialect.FromNchw(dialect.Input("latents", Value.Free, configuration.LatentChannels, height, width));
        hidden = dialect.Conv(hidden, "decoder.conv_in", ConvSpec.Same3(channels[^1]));
        hidden = Mid(dialect, residual, configuration, hidden);
        dialect.Tap("mid/decoder_mid_block", () => dialect.ToNchw(hidden));
        for (var i = 0; i < channels.Count; i++)
        {
            var level = channels.Count - 1 - i;
            for (var layer = 0; layer <= configuration.LayersPerBlock; layer++)
                hidden = residual.Build(hidden, $"decoder.up_blocks.{i}.resnets.{layer}", Spec(channels[level]));
            if (level > 0)
                hidden = dialect.Conv(dialect.Upsample(hidden), $"decoder.up_blocks.{i}.upsamplers.0.conv", ConvSpec.Same3(channels[level]));
            if (i == 0)
                dialect.Tap("mid/decoder_up_blocks.0", () => dialect.ToNchw(hidden));
        }

        hidden = dialect.GroupNorm(hidden, "decoder.conv_norm_out", new NormSpec(configuration.NormNumGroups, 1e-6f, Silu: true));
        hidden = dialect.Conv(hidden, "decoder.conv_out", ConvSpec.Same3(configuration.OutChannels));
        dialect.Tap("mid/decoder_conv_out", () => dialect.ToNchw(hidden));
        var time = dialect.TimeConv(dialect.ToTime(hidden, batch: 1), "decoder.time_conv_out", configuration.OutChannels);
        dialect.Output("frames", dialect.ToNchw(dialect.FromTime(time, hidden)));
    }

    /// <summary>The attention runs between residual blocks: with one block per level it exists in the weights but is never executed.</summary>
    private static Value Mid(Dialect dialect, ResidualBlock residual, VaeConfiguration configuration, Value hidden)
    {
        var spec = Spec(configuration.BlockOutChannels[^1]);
        hidden = residual.Build(hidden, "decoder.mid_block.resnets.0", spec);
        if (configuration.LayersPerBlock == 1)
            dialect.Weights.Accept(name => name.StartsWith("decoder.mid_block.attentions.", StringComparison.Ordinal));
        for (var layer = 1; layer < configuration.LayersPerBlock; layer++)
        {
            hidden = VaeAttention.Build(dialect, hidden, $"decoder.mid_block.attentions.{layer - 1}", configuration.NormNumGroups);
            hidden = residual.Build(hidden, $"decoder.mid_block.resnets.{layer}", spec);
        }

        return hidden;
    }

    private static ResidualSpec Spec(int channels) => new(channels, 1e-6f) { TemporalEpsilon = 1e-5f, ReversedMix = true };
}
