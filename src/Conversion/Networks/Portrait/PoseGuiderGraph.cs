using System.Text.Json.Serialization;
using HunyuanPortrait.Conversion.Networks.Dialects;

namespace HunyuanPortrait.Conversion.Networks.Portrait;

/// <summary>Sizes of the pose guider (SPEC §6).</summary>
public sealed record PoseGuiderConfiguration
{
    /// <summary>Channels that come out: those of the UNet's first convolution.</summary>
    [JsonPropertyName("conditioning_embedding_channels")]
    public required int ConditioningEmbeddingChannels { get; init; }

    /// <summary>Channels of the pose image.</summary>
    [JsonPropertyName("conditioning_channels")]
    public required int ConditioningChannels { get; init; }

    /// <summary>Channels of every level; each level but the last halves the picture.</summary>
    [JsonPropertyName("block_out_channels")]
    public required IReadOnlyList<int> BlockOutChannels { get; init; }
}

/// <summary>The pose guider (SPEC §6): <c>image [n,3,H,W]</c> → <c>output [n,channels,H/8,W/8]</c>.</summary>
public static class PoseGuiderGraph
{
    /// <summary>Writes the network into the dialect's graph.</summary>
    public static void Build(Dialect dialect, PoseGuiderConfiguration configuration, int frames, int height, int width)
    {
        var channels = configuration.BlockOutChannels;
        var hidden = dialect.FromNchw(dialect.Input("image", frames, configuration.ConditioningChannels, height, width));
        hidden = dialect.Graph.Silu(dialect.Conv(hidden, "conv_in", ConvSpec.Same3(channels[0])));
        for (var level = 0; level + 1 < channels.Count; level++)
        {
            hidden = dialect.Graph.Silu(dialect.Conv(hidden, $"blocks.{2 * level}", ConvSpec.Same3(channels[level])));
            hidden = dialect.Graph.Silu(dialect.Conv(hidden, $"blocks.{2 * level + 1}", ConvSpec.Same3(channels[level + 1], stride: 2)));
        }

        dialect.Output("output", dialect.ToNchw(dialect.Conv(hidden, "conv_out", ConvSpec.Same3(configuration.ConditioningEmbeddingChannels))));
    }
}
