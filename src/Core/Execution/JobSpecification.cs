using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Schedulers;

namespace HunyuanPortrait.Core.Execution;

/// <summary>
/// What a job shall compute, completely: whoever has this document, the assets and the model computes the same bits. It never changes.
/// </summary>
/// <param name="Model">Which weights: <see cref="ModelIdentity"/>.</param>
/// <param name="Portrait">The picture.</param>
/// <param name="Driving">The video.</param>
/// <param name="FrameCount">Frames of the wanted part as the probe counted them; frames without a face may still be left out.</param>
/// <param name="Settings">Of sampler and chunks, every default resolved.</param>
/// <param name="Faces">Where faces are, and what happens without one.</param>
/// <param name="Clip">Which part of the video is used.</param>
/// <param name="Output">What is written.</param>
public sealed record JobSpecification(
    string Model,
    AssetReference Portrait,
    AssetReference Driving,
    int FrameCount,
    RenderDefaults Settings,
    FaceSettings Faces,
    ClipRange Clip,
    OutputSettings Output)
{
    /// <summary>
    /// The kind of processor that every task of the job runs on, because kinds differ in the last bits; null: that of the worker that prepares
    /// the portrait.
    /// </summary>
    public string? DeviceClass { get; init; }

    /// <summary>Steps that are executed.</summary>
    public int StepCount => NoiseSchedule.ExecutedSteps(Settings.InferenceSteps, Settings.Strength);

    /// <summary>The numbers that decide which tasks the job has.</summary>
    /// <param name="frameCount">Driving frames that are kept; <see cref="FrameCount"/> before the video has been read.</param>
    public JobShape Shape(int frameCount) => new(
        frameCount, Settings.PaddingFrames, Settings.Windows, StepCount,
        new ChunkLengths(Settings.MotionGroupLength, Settings.DecodeChunkLength, Output.PartLength));
}

/// <summary>A file that was stored as an artifact.</summary>
/// <param name="Key">Its artifact.</param>
/// <param name="Sha256">Of its content, lower-case hex.</param>
/// <param name="FileName">What it was called; its ending names the format.</param>
public sealed record AssetReference(string Key, string Sha256, string FileName);

/// <summary>Where faces are, and what happens to a driving frame without one.</summary>
/// <param name="Portrait">The face of the portrait.</param>
/// <param name="Driving">The faces of the driving frames.</param>
/// <param name="Missing">For driving frames without a face.</param>
public sealed record FaceSettings(FacePlace Portrait, FacePlace Driving, MissingFacePolicy Missing)
{
    /// <summary>Detected everywhere; a frame without a face takes its predecessor's.</summary>
    public static FaceSettings Default { get; } = new(FacePlace.Detected, FacePlace.Detected, MissingFacePolicy.Hold);
}

/// <summary>Where a face is.</summary>
/// <param name="Source">How it is found.</param>
/// <param name="Box">For <see cref="FaceSource.Box"/>: where, in pixels.</param>
/// <param name="Track">For <see cref="FaceSource.Known"/>: a file that says where it is in every frame.</param>
public sealed record FacePlace(FaceSource Source, Box? Box = null, AssetReference? Track = null)
{
    /// <summary>The detector looks for it.</summary>
    public static FacePlace Detected { get; } = new(FaceSource.Detected);
}

/// <summary>How a face is found.</summary>
public enum FaceSource
{
    /// <summary>The detector looks for it.</summary>
    Detected,

    /// <summary>It is assumed in the middle of the picture.</summary>
    Centred,

    /// <summary>The user says where it is.</summary>
    Box,

    /// <summary>A file says where it is in every frame of the whole clip.</summary>
    Known,
}

/// <summary>Part of a clip.</summary>
/// <param name="Start">From the file's beginning.</param>
/// <param name="Duration">From <paramref name="Start"/>; to the end when null.</param>
public sealed record ClipRange(TimeSpan Start, TimeSpan? Duration)
{
    /// <summary>All of it.</summary>
    public static ClipRange Whole { get; } = new(TimeSpan.Zero, null);
}

/// <summary>What is written.</summary>
/// <param name="Container">Ending of the file: <c>.mp4</c>, <c>.mov</c> or <c>.mkv</c>.</param>
/// <param name="PasteBack">True writes the whole portrait picture with the animated face in it, false the face square alone.</param>
/// <param name="PartLength">Frames that one worker encodes; a shorter clip is one part.</param>
/// <param name="Width">Of the written pictures, to which the model's are scaled; null writes them as they are. Not with <paramref name="PasteBack"/>.</param>
public sealed record OutputSettings(string Container, bool PasteBack, int PartLength, int? Width = null)
{
    /// <summary>Least width of written pictures, pixels.</summary>
    public const int LeastWidth = 16;

    /// <summary>Largest width of written pictures, pixels.</summary>
    public const int LargestWidth = 4096;

    /// <summary>Twenty seconds at 25 frames per second.</summary>
    public const int DefaultPartLength = 500;

    /// <summary>The face square, as MP4.</summary>
    public static OutputSettings Default { get; } = new(".mp4", PasteBack: false, DefaultPartLength);
}
