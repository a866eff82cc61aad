using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Core.Execution;

/// <summary>What was cut out of a portrait.</summary>
/// <param name="Crops">For the encoder.</param>
/// <param name="Place">Where the square was cut: needed again for the paste-back.</param>
public sealed record CutPortrait(PortraitCrops Crops, PixelRegion Place);

/// <summary>A picture or video of a job as a file, because programs read files.</summary>
/// <param name="Path">The file.</param>
/// <param name="TrackPath">The file of its faces, where the job has one (<see cref="FacePlace.Track"/>).</param>
public sealed record MediaFile(string Path, string? TrackPath = null);

/// <summary>Portrait files → crops. Safe for concurrent use.</summary>
public interface IPortraitSource
{
    /// <summary>Cuts the crops of a job's portrait.</summary>
    /// <param name="file">The picture.</param>
    /// <param name="face">Where the face is.</param>
    /// <param name="geometry">Sizes of the crops.</param>
    /// <exception cref="Errors.RenderException">HP1xxx: the picture cannot be used.</exception>
    CutPortrait Cut(MediaFile file, FacePlace face, ModelGeometry geometry);
}

/// <summary>Up to one motion group of driving frames; its memory is used again for the next group.</summary>
/// <param name="FaceCrops">Expression crops in [0, 1], planar, <c>[T, 3, size, size]</c>.</param>
/// <param name="HeadCrops">Head-pose crops in [0, 1], planar, <c>[T, 3, size, size]</c>.</param>
/// <param name="Intensity">The group's intensity ids.</param>
/// <param name="Times">Of its frames, in ticks.</param>
public sealed record MotionGroup(
    Tensors.FloatTensor FaceCrops, Tensors.FloatTensor HeadCrops, MotionIntensity Intensity, IReadOnlyList<long> Times);

/// <summary>One reading of a driving video.</summary>
public interface IDrivingReading : IAsyncDisposable
{
    /// <summary>The video's groups in order, every one but the last of full length.</summary>
    /// <exception cref="Errors.RenderException">HP1xxx: the video cannot be used.</exception>
    IAsyncEnumerable<MotionGroup> GroupsAsync(CancellationToken cancellationToken);

    /// <summary>What was found; complete after the last group.</summary>
    MotionTrack Track { get; }
}

/// <summary>Driving files → motion groups. Safe for concurrent use.</summary>
public interface IDrivingSource
{
    /// <summary>Begins a reading.</summary>
    /// <param name="file">The video.</param>
    /// <param name="job">Clip, faces, length of a group.</param>
    /// <param name="geometry">Sizes of the crops.</param>
    /// <param name="cancellationToken">Stops the probe.</param>
    Task<IDrivingReading> OpenAsync(MediaFile file, JobSpecification job, ModelGeometry geometry, CancellationToken cancellationToken);
}

/// <summary>The files that a part of a clip is made of.</summary>
/// <param name="PortraitPath">The portrait.</param>
/// <param name="DrivingPath">The driving video: rate and sound.</param>
/// <param name="Place">Where the portrait's square was cut.</param>
public sealed record ClipSources(string PortraitPath, string DrivingPath, PixelRegion Place);

/// <summary>An encoded part on its way into the clip.</summary>
/// <param name="Path">The part's file.</param>
/// <param name="FirstTime">When its first frame is shown, in ticks.</param>
public sealed record ClipPart(string Path, long FirstTime);

/// <summary>Pictures → video files. Safe for concurrent use.</summary>
public interface IClipWriter
{
    /// <summary>Composes and encodes one part as a video of its own, without sound, that begins with a key frame.</summary>
    /// <param name="job">What is written.</param>
    /// <param name="sources">Portrait and driving video.</param>
    /// <param name="frames">Pictures with their times; a picture's memory is used again for the next.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="cancellationToken">Stops the encoder; nothing is left.</param>
    Task WritePartAsync(
        JobSpecification job, ClipSources sources, IAsyncEnumerable<(RgbImage Picture, long Time)> frames, string path, CancellationToken cancellationToken);

    /// <summary>Joins parts without encoding them again, and adds the driving video's sound.</summary>
    /// <param name="job">What is written.</param>
    /// <param name="sources">Portrait and driving video.</param>
    /// <param name="parts">In order.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="cancellationToken">Stops ffmpeg; nothing is left.</param>
    Task JoinAsync(JobSpecification job, ClipSources sources, IReadOnlyList<ClipPart> parts, string path, CancellationToken cancellationToken);
}
