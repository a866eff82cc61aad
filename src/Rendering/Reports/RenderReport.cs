using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Rendering.Progress;

namespace HunyuanPortrait.Rendering.Reports;

/// <summary>What a finished render says of itself; <c>--json</c> writes it.</summary>
/// <param name="Output">The file that was written.</param>
/// <param name="Model">The model that made it.</param>
/// <param name="Settings">Every setting, defaults resolved.</param>
/// <param name="Inputs">The inputs.</param>
/// <param name="Faces">What happened to frames without a face.</param>
/// <param name="Stages">Time of every stage, in order.</param>
/// <param name="TotalSeconds">From the first check to the finished file.</param>
/// <param name="PeakMemoryBytes">Largest resident size of the process so far; without the ffmpeg processes.</param>
/// <param name="Warnings">What the user should know.</param>
public sealed record RenderReport(
    OutputSummary Output,
    ModelSummary Model,
    RunSettings Settings,
    IReadOnlyList<InputSummary> Inputs,
    FaceSummary Faces,
    IReadOnlyList<StageTiming> Stages,
    double TotalSeconds,
    long PeakMemoryBytes,
    IReadOnlyList<string> Warnings);

/// <summary>The file that was written.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Frames">Frames in it.</param>
/// <param name="FrameRate">As a fraction, <c>30/1</c>; the average when the timing is variable.</param>
/// <param name="Seconds">Length of the video stream.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="HasAudio">Whether the driving video's sound is in it.</param>
public sealed record OutputSummary(string Path, long Bytes, long Frames, string FrameRate, double Seconds, int Width, int Height, bool HasAudio);

/// <summary>The model that was used.</summary>
/// <param name="Directory">Where it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its pictures are worth.</param>
/// <param name="Precision">fp32 or fp16.</param>
/// <param name="ManifestSha256">Of <c>model.json</c>, which holds the hashes of every network.</param>
public sealed record ModelSummary(string Directory, string Name, ModelKind Kind, string Precision, string ManifestSha256);

/// <summary>An input.</summary>
public sealed record InputSummary(string Role, string Path, long Bytes, string Sha256);

/// <summary>Driving frames without a detectable face.</summary>
/// <param name="Held">Frames that kept the last face.</param>
/// <param name="Dropped">Frames that were left out.</param>
public sealed record FaceSummary(long Held, long Dropped);

/// <summary>Time of one stage.</summary>
public sealed record StageTiming(RenderStage Stage, double Seconds);

/// <summary>Every setting of a render, defaults resolved.</summary>
/// <param name="Sampling">The sampler's.</param>
/// <param name="ExecutedSteps">Steps that strength leaves.</param>
/// <param name="MissingFaces">What a driving frame without a face did.</param>
/// <param name="PasteBack">Whether the face was put back into the whole picture.</param>
/// <param name="Provider">Where the networks ran.</param>
/// <param name="Threads">Threads of a network; 0 is the provider's choice.</param>
public sealed record RunSettings(
    RenderDefaults Sampling, int ExecutedSteps, MissingFacePolicy MissingFaces, bool PasteBack, string Provider, int Threads);
