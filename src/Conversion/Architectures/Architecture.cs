using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using HunyuanPortrait.Conversion.Networks.Motion;
using HunyuanPortrait.Conversion.Networks.Portrait;
using HunyuanPortrait.Conversion.Networks.UNet;
using HunyuanPortrait.Conversion.Networks.Vae;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Schedulers;

namespace HunyuanPortrait.Conversion.Architectures;

/// <summary>Configuration of every network of a model. The published sizes and the small ones are files, <c>official.json</c> and <c>small.json</c>.</summary>
public sealed record Architecture
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>Width and height of generated pictures, pixels, unless the import asks for another size.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side of the image encoder's input.</summary>
    public required int EncoderImageSize { get; init; }

    /// <summary>Side of the face and head crops.</summary>
    public required int MotionCropSize { get; init; }

    /// <summary>What the head-pose network's translation counts in motion tokens; 0 in the reference (SPEC §5.4).</summary>
    public float TranslationScale { get; init; }

    /// <summary>Noise range.</summary>
    public required SchedulerSettings Scheduler { get; init; }

    /// <summary>Settings of a render that names none.</summary>
    public required RenderDefaults Defaults { get; init; }

    /// <summary>SPEC §4.</summary>
    public required ImageEncoderConfiguration ImageEncoder { get; init; }

    /// <summary>SPEC §4.</summary>
    public required ImageProjectionConfiguration ImageProjection { get; init; }

    /// <summary>SPEC §5.1.</summary>
    public required ResNetConfiguration Expression { get; init; }

    /// <summary>SPEC §5.2.</summary>
    public required ResNetConfiguration HeadPose { get; init; }

    /// <summary>SPEC §5.3.</summary>
    public required MotionRefinerConfiguration MotionRefiner { get; init; }

    /// <summary>SPEC §6.</summary>
    public required PoseGuiderConfiguration PoseGuider { get; init; }

    /// <summary>SPEC §7.</summary>
    [JsonPropertyName("unet")]
    public required UNetConfiguration UNet { get; init; }

    /// <summary>SPEC §8.</summary>
    public required VaeConfiguration Vae { get; init; }

    /// <summary>The published sizes.</summary>
    public static Architecture Official { get; } = FromResource("official.json");

    /// <summary>The sizes of the small model that runs on a laptop's processor.</summary>
    public static Architecture Small { get; } = FromResource("small.json");

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="JsonException">A value is missing or has the wrong type.</exception>
    public static Architecture Parse(JsonNode json) => ParsePart<Architecture>(json);

    /// <summary>Reads one network's configuration, as it stands beside published weights and recorded tensors.</summary>
    /// <exception cref="JsonException">A value is missing or has the wrong type.</exception>
    public static T ParsePart<T>(JsonNode json) => json.Deserialize<T>(Json) ?? throw new JsonException($"A {typeof(T).Name} is null.");

    /// <summary>The form in which <c>model.json</c> keeps it.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, Json)!.AsObject();

    /// <summary>Sizes that the stages around the networks need.</summary>
    public ModelGeometry Geometry(int width, int height) => new(
        width,
        height,
        Vae.LatentChannels,
        Vae.Downscale,
        Vae.ScalingFactor,
        Defaults.Windows.Length,
        ImageProjection.OutFeatures,
        MotionRefiner.NumQueries,
        UNet.CrossAttentionDim,
        UNet.BlockOutChannels[0],
        EncoderImageSize,
        MotionCropSize,
        ImageEncoder.IdDim,
        TranslationScale);

    private static Architecture FromResource(string name)
    {
        using var stream = typeof(Architecture).Assembly.GetManifestResourceStream($"HunyuanPortrait.Conversion.Architectures.{name}")!;
        return Parse(JsonNode.Parse(stream)!);
    }
}
