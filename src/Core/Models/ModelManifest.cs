using System.Text.Json.Nodes;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Models;

/// <summary>What a model's pictures are worth.</summary>
public enum ModelKind
{
    /// <summary>Imported from the published checkpoints.</summary>
    Official,

    /// <summary>The small model that ships with the product.</summary>
    Embedded,

    /// <summary>Seeded random weights: everything runs, the pictures mean nothing.</summary>
    StandIn,
}

/// <summary><c>model.json</c>: everything about a model directory but the weights. No size is written in code.</summary>
/// <param name="FormatVersion">Of this file.</param>
/// <param name="Name">For people.</param>
/// <param name="Kind">What its pictures are worth.</param>
/// <param name="Precision"><c>fp32</c> or <c>fp16</c>.</param>
/// <param name="Geometry">Sizes that the stages around the networks need.</param>
/// <param name="Scheduler">Noise range.</param>
/// <param name="Defaults">Settings of a render that names none.</param>
/// <param name="Networks">By network name (<see cref="NetworkNames"/>).</param>
/// <param name="Sources">The files that were imported.</param>
/// <param name="License">Which licence was accepted, and when; null where none is asked for.</param>
/// <param name="Architecture">Configuration of every network in the form that Conversion builds graphs from.</param>
public sealed record ModelManifest(
    int FormatVersion,
    string Name,
    ModelKind Kind,
    string Precision,
    ModelGeometry Geometry,
    SchedulerSettings Scheduler,
    RenderDefaults Defaults,
    IReadOnlyDictionary<string, NetworkFile> Networks,
    IReadOnlyList<SourceFile> Sources,
    LicenseAcceptance? License,
    JsonObject Architecture);

/// <summary>Sizes that the stages around the networks need.</summary>
/// <param name="Width">Width of generated pictures, pixels.</param>
/// <param name="Height">Height of generated pictures, pixels.</param>
/// <param name="LatentChannels">Channels of the VAE's latents (4).</param>
/// <param name="LatentDownscale">Pixels per latent cell on a side (8).</param>
/// <param name="LatentScalingFactor">Latents are multiplied by it before noise is added (0.18215).</param>
/// <param name="WindowLength">Frames per UNet call; fixed in the graph.</param>
/// <param name="ImageTokens">Tokens from the image projector (64).</param>
/// <param name="MotionTokens">Tokens per driving frame (64).</param>
/// <param name="TokenWidth">Floats per token (1024): refined expression width + 6 pose numbers.</param>
/// <param name="FirstLayerChannels">Channels after the UNet's first convolution (320).</param>
/// <param name="EncoderImageSize">Side of the image encoder's input (224).</param>
/// <param name="MotionCropSize">Side of the face and head crops (256).</param>
/// <param name="IdentityWidth">Length of the identity embedding (512).</param>
/// <param name="TranslationScale">What the head-pose network's translation counts in motion tokens (0: not at all, SPEC §5.4).</param>
public sealed record ModelGeometry(
    int Width,
    int Height,
    int LatentChannels,
    int LatentDownscale,
    float LatentScalingFactor,
    int WindowLength,
    int ImageTokens,
    int MotionTokens,
    int TokenWidth,
    int FirstLayerChannels,
    int EncoderImageSize,
    int MotionCropSize,
    int IdentityWidth,
    float TranslationScale = 0)
{
    /// <summary>Height of the latents.</summary>
    public int LatentHeight => Height / LatentDownscale;

    /// <summary>Width of the latents.</summary>
    public int LatentWidth => Width / LatentDownscale;

    /// <summary>Floats of one frame's latents.</summary>
    public int LatentValues => LatentChannels * LatentHeight * LatentWidth;
}

/// <summary>Settings of a render that names none (SPEC §2).</summary>
/// <param name="InferenceSteps">Euler steps.</param>
/// <param name="Strength">Fraction of the schedule that is run, (0, 1].</param>
/// <param name="Windows">Window plan; its length must be the model's.</param>
/// <param name="Guidance">Guidance ramps.</param>
/// <param name="PaddingFrames">Faded frames on each side of the clip.</param>
/// <param name="MotionGroupLength">Frames that share intensity ids.</param>
/// <param name="DecodeChunkLength">Frames per VAE decode call; part of the result.</param>
/// <param name="MicroConditioning">Values of the added ids.</param>
/// <param name="Seed">Seed of the initial noise.</param>
public sealed record RenderDefaults(
    int InferenceSteps,
    double Strength,
    WindowSettings Windows,
    GuidanceSettings Guidance,
    int PaddingFrames,
    int MotionGroupLength,
    int DecodeChunkLength,
    MicroConditioning MicroConditioning,
    ulong Seed);

/// <summary>The added ids (SPEC §7.1): conditioning values only, not the output's frame rate.</summary>
public sealed record MicroConditioning(float Fps, float MotionBucket, float NoiseAugmentation);

/// <summary>One network of a model directory.</summary>
/// <param name="File">ONNX graph, relative to the directory.</param>
/// <param name="Weights">External data, relative to the directory; null when the weights are inside the graph.</param>
/// <param name="Sha256">Of graph and external data, lower-case hex, by file name.</param>
/// <param name="Flops">Counted for one run at the recorded shapes; 0 when unknown.</param>
/// <param name="Nodes">Number of nodes.</param>
public sealed record NetworkFile(string File, string? Weights, IReadOnlyDictionary<string, string> Sha256, long Flops, int Nodes);

/// <summary>A file that was imported.</summary>
public sealed record SourceFile(string File, long Bytes, string Sha256);

/// <summary>The licence that the person who imported the weights accepted.</summary>
public sealed record LicenseAcceptance(string License, DateTimeOffset AcceptedAt);
