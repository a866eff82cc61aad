using System.Text.Json.Serialization;

namespace HunyuanPortrait.Conversion.Networks.Motion;

/// <summary>Sizes of the intensity-aware motion refiner (SPEC §5.3).</summary>
public sealed record MotionRefinerConfiguration
{
    /// <summary>Width of expression features.</summary>
    [JsonPropertyName("input_dim")]
    public required int InputDim { get; init; }

    /// <summary>Width of refined tokens.</summary>
    [JsonPropertyName("output_dim")]
    public required int OutputDim { get; init; }

    /// <summary>Tokens per frame.</summary>
    [JsonPropertyName("num_queries")]
    public required int NumQueries { get; init; }

    /// <summary>Width of the intensity embedding.</summary>
    [JsonPropertyName("intensity_embed_dim")]
    public required int IntensityEmbedDim { get; init; }

    /// <summary>Inner width.</summary>
    [JsonPropertyName("width")]
    public required int Width { get; init; }

    /// <summary>Number of layers.</summary>
    [JsonPropertyName("layers")]
    public required int Layers { get; init; }

    /// <summary>Heads of the attention.</summary>
    [JsonPropertyName("heads")]
    public required int Heads { get; init; }
}
