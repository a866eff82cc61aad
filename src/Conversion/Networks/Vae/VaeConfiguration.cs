using System.Text.Json.Serialization;

namespace HunyuanPortrait.Conversion.Networks.Vae;

/// <summary>The VAE's sizes, under the names of the published <c>vae/config.json</c>.</summary>
public sealed record VaeConfiguration
{
    /// <summary>Channels of pictures going in.</summary>
    [JsonPropertyName("in_channels")]
    public required int InChannels { get; init; }

    /// <summary>Channels of pictures coming out.</summary>
    [JsonPropertyName("out_channels")]
    public required int OutChannels { get; init; }

    /// <summary>Channels of every level; each level but the last halves the picture.</summary>
    [JsonPropertyName("block_out_channels")]
    public required IReadOnlyList<int> BlockOutChannels { get; init; }

    /// <summary>Residual blocks of an encoder level; decoder levels have one more.</summary>
    [JsonPropertyName("layers_per_block")]
    public required int LayersPerBlock { get; init; }

    /// <summary>Channels of the latents.</summary>
    [JsonPropertyName("latent_channels")]
    public required int LatentChannels { get; init; }

    /// <summary>Latents are multiplied by it before noise is added.</summary>
    [JsonPropertyName("scaling_factor")]
    public float ScalingFactor { get; init; } = 0.18215f;

    /// <summary>Groups of every group norm.</summary>
    [JsonPropertyName("norm_num_groups")]
    public int NormNumGroups { get; init; } = 32;

    /// <summary>Pixels per latent cell on a side.</summary>
    [JsonIgnore]
    public int Downscale => 1 << (BlockOutChannels.Count - 1);
}
