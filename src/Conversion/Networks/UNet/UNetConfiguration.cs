using System.Text.Json.Serialization;

namespace HunyuanPortrait.Conversion.Networks.UNet;

/// <summary>The UNet's sizes, under the names of the published <c>unet/config.json</c>.</summary>
public sealed record UNetConfiguration
{
    /// <summary>Channels of the sample: noisy latents, then image latents.</summary>
    [JsonPropertyName("in_channels")]
    public required int InChannels { get; init; }

    /// <summary>Channels of the prediction.</summary>
    [JsonPropertyName("out_channels")]
    public required int OutChannels { get; init; }

    /// <summary>Width of the sinusoid of each added id.</summary>
    [JsonPropertyName("addition_time_embed_dim")]
    public required int AdditionTimeEmbedDim { get; init; }

    /// <summary>Width of all added ids' sinusoids together.</summary>
    [JsonPropertyName("projection_class_embeddings_input_dim")]
    public required int ProjectionClassEmbeddingsInputDim { get; init; }

    /// <summary>Width of image and motion tokens.</summary>
    [JsonPropertyName("cross_attention_dim")]
    public required int CrossAttentionDim { get; init; }

    /// <summary>Block type of every level going down; those with <c>CrossAttn</c> carry transformers.</summary>
    [JsonPropertyName("down_block_types")]
    public required IReadOnlyList<string> DownBlockTypes { get; init; }

    /// <summary>Block type of every level going up.</summary>
    [JsonPropertyName("up_block_types")]
    public required IReadOnlyList<string> UpBlockTypes { get; init; }

    /// <summary>Channels of every level.</summary>
    [JsonPropertyName("block_out_channels")]
    public required IReadOnlyList<int> BlockOutChannels { get; init; }

    /// <summary>Residual blocks of a down level; up levels have one more.</summary>
    [JsonPropertyName("layers_per_block")]
    public required int LayersPerBlock { get; init; }

    /// <summary>Heads of every level.</summary>
    [JsonPropertyName("num_attention_heads")]
    public required IReadOnlyList<int> NumAttentionHeads { get; init; }

    /// <summary>Groups of every group norm.</summary>
    [JsonPropertyName("norm_num_groups")]
    public int NormNumGroups { get; init; } = 32;

    /// <summary>Width of the time embedding.</summary>
    [JsonIgnore]
    public int TimeEmbedDim => 4 * BlockOutChannels[0];

    /// <summary>Number of levels.</summary>
    [JsonIgnore]
    public int Levels => BlockOutChannels.Count;
}
