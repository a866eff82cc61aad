using System.Text.Json.Serialization;
using HunyuanPortrait.Conversion.Networks.Dialects;

namespace HunyuanPortrait.Conversion.Networks.Portrait;

/// <summary>Sizes of the image projection (SPEC §4).</summary>
public sealed record ImageProjectionConfiguration
{
    /// <summary>Tokens going in.</summary>
    [JsonPropertyName("in_features")]
    public required int InFeatures { get; init; }

    /// <summary>Tokens coming out.</summary>
    [JsonPropertyName("out_features")]
    public required int OutFeatures { get; init; }
}

/// <summary>The image projection (SPEC §4): it mixes tokens, not channels. <c>input [1,tokens,width]</c> → <c>output [1,imageTokens,width]</c>.</summary>
public static class ImageProjectionGraph
{
    /// <summary>Writes the network into the dialect's graph.</summary>
    public static void Build(Dialect dialect, ImageProjectionConfiguration configuration, int width)
    {
        var graph = dialect.Graph;
        var input = graph.Reshape(dialect.Input("input", 1, configuration.InFeatures, width), configuration.InFeatures, width);
        var rows = graph.Gemm(
            graph.Transpose(input, 1, 0),
            dialect.Weights.Get(graph, "weight", configuration.OutFeatures, configuration.InFeatures),
            dialect.Weights.Get(graph, "bias", configuration.OutFeatures));
        dialect.Output("output", graph.Reshape(graph.Transpose(rows, 1, 0), 1, configuration.OutFeatures, width));
    }
}
