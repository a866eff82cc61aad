using System.Text.Json.Serialization;

namespace HunyuanPortrait.Conversion.Networks.Motion;

/// <summary>Sizes of a ResNet with group norms (SPEC §5.1, §5.2).</summary>
public sealed record ResNetConfiguration
{
    /// <summary>Channels after the first convolution.</summary>
    [JsonPropertyName("stem_channels")]
    public required int StemChannels { get; init; }

    /// <summary>Inner channels of every stage.</summary>
    [JsonPropertyName("planes")]
    public required IReadOnlyList<int> Planes { get; init; }

    /// <summary>Blocks of every stage.</summary>
    [JsonPropertyName("layers")]
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>Outer over inner channels of a block.</summary>
    [JsonPropertyName("expansion")]
    public int Expansion { get; init; } = 1;

    /// <summary>Groups of every group norm.</summary>
    [JsonPropertyName("groupnorm_groups")]
    public required int GroupNormGroups { get; init; }

    /// <summary>Numbers that come out (features of the expression net).</summary>
    [JsonPropertyName("out_feat_dim")]
    public int OutFeatDim { get; init; }

    /// <summary>Numbers that come out (of the head-pose net).</summary>
    [JsonPropertyName("num_outputs")]
    public int NumOutputs { get; init; }
}
