using System.Text.Json.Serialization;

namespace HunyuanPortrait.Conversion.Networks.Portrait;

/// <summary>Sizes of the image encoder (SPEC §4).</summary>
public sealed record ImageEncoderConfiguration
{
    /// <summary>Side of the pictures that the position table was made for.</summary>
    [JsonPropertyName("img_size")]
    public required int ImgSize { get; init; }

    /// <summary>Side of a patch.</summary>
    [JsonPropertyName("patch_size")]
    public required int PatchSize { get; init; }

    /// <summary>Width of tokens.</summary>
    [JsonPropertyName("embed_dim")]
    public required int EmbedDim { get; init; }

    /// <summary>Number of blocks.</summary>
    [JsonPropertyName("depth")]
    public required int Depth { get; init; }

    /// <summary>Heads of the attention.</summary>
    [JsonPropertyName("num_heads")]
    public required int NumHeads { get; init; }

    /// <summary>Inner over outer width of the MLP.</summary>
    [JsonPropertyName("mlp_ratio")]
    public required int MlpRatio { get; init; }

    /// <summary>Register tokens after the class token.</summary>
    [JsonPropertyName("num_register_tokens")]
    public required int NumRegisterTokens { get; init; }

    /// <summary>Blocks that carry an adapter.</summary>
    [JsonPropertyName("add_adapter_layer")]
    public required IReadOnlyList<int> AddAdapterLayer { get; init; }

    /// <summary>Inner width of the adapters.</summary>
    [JsonPropertyName("visual_adapter_dim")]
    public required int VisualAdapterDim { get; init; }

    /// <summary>Length of the identity embedding.</summary>
    [JsonPropertyName("id_dim")]
    public int IdDim { get; init; } = 512;

    /// <summary>Width of the adapters' cross attention.</summary>
    [JsonPropertyName("id_embed_dim")]
    public int IdEmbedDim { get; init; } = 256;

    /// <summary>Tokens for a square picture of the given side: patches, class token, registers.</summary>
    public int TokenCount(int size) => size / PatchSize * (size / PatchSize) + 1 + NumRegisterTokens;
}
