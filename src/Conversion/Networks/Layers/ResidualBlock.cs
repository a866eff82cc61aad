using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.Layers;

/// <summary>What differs between residual blocks.</summary>
/// <param name="OutChannels">Channels of the result.</param>
/// <param name="Epsilon">Of both parts' group norms (SPEC §7.3: it depends on the kind of level).</param>
internal sealed record ResidualSpec(int OutChannels, float Epsilon)
{
    /// <summary>Of the temporal part where it differs (the VAE's).</summary>
    public float TemporalEpsilon { get; init; } = Epsilon;

    /// <summary>Whether the learned mixture is reversed (the VAE's).</summary>
    public bool ReversedMix { get; init; }
}

/// <summary>A spatial and a temporal residual block with their learned mixture (SPEC §7.3, §8).</summary>
/// <param name="dialect">The form of the nodes.</param>
/// <param name="timeEmbedding"><c>SiLU(emb) [1 or B, width]</c>; null where blocks have no time embedding.</param>
/// <param name="batch">Batch entries B; frames of one entry share temporal statistics.</param>
/// <param name="groups">Groups of every norm.</param>
internal sealed class ResidualBlock(Dialect dialect, Value? timeEmbedding, int batch, int groups)
{
    /// <summary>Builds one block.</summary>
    public Value Build(Value maps, string name, ResidualSpec spec)
    {
        var spatial = BuildSpatial(maps, $"{name}.spatial_res_block", spec.OutChannels, spec.Epsilon);
        dialect.Tap($"mid/{name}.spatial_res_block", () => dialect.ToNchw(spatial));
        var mix = new MixSpec($"{name}.time_mixer.mix_factor", spec.ReversedMix);
        var result = dialect.MixResidual(spatial, Temporal(spatial, $"{name}.temporal_res_block", spec, mix), mix);
        dialect.Tap($"mid/{name}", () => dialect.ToNchw(result));
        return result;
    }

    /// <summary>The spatial part alone, which is also the VAE encoder's block.</summary>
    public Value BuildSpatial(Value maps, string name, int outChannels, float epsilon)
    {
        var norm = new NormSpec(groups, epsilon, Silu: true);
        var hidden = dialect.Conv(dialect.GroupNorm(maps, $"{name}.norm1", norm), $"{name}.conv1", ConvSpec.Same3(outChannels));
        hidden = timeEmbedding is null
            ? dialect.GroupNorm(hidden, $"{name}.norm2", norm)
            : dialect.AddChannelsGroupNorm(hidden, TimeRows(name, outChannels), $"{name}.norm2", norm);
        hidden = dialect.Conv(hidden, $"{name}.conv2", ConvSpec.Same3(outChannels));
        var shortcut = dialect.Channels(maps) == outChannels ? maps : dialect.Conv(maps, $"{name}.conv_shortcut", ConvSpec.Point(outChannels));
        return dialect.Add(shortcut, hidden);
    }

    private Value Temporal(Value spatial, string name, ResidualSpec spec, MixSpec mix)
    {
        var norm = new NormSpec(groups, spec.TemporalEpsilon, Silu: true);
        var hidden = dialect.TimeGroupNorm(dialect.ToTime(spatial, batch), null, $"{name}.norm1", norm);
        hidden = dialect.TimeConv(hidden, $"{name}.conv1", spec.OutChannels);
        hidden = dialect.TimeGroupNorm(hidden, timeEmbedding is null ? null : TimeRows(name, spec.OutChannels), $"{name}.norm2", norm);
        hidden = dialect.TimeConv(hidden, $"{name}.conv2", spec.OutChannels, mix);
        return dialect.FromTime(hidden, spatial);
    }

    private Value TimeRows(string name, int channels) => dialect.LinearRows(timeEmbedding!, $"{name}.time_emb_proj", channels);
}
