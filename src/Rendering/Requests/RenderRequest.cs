using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Inference.Sessions;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.Video;

namespace HunyuanPortrait.Rendering.Requests;

/// <summary>One render on one machine: what goes in, where the result goes, and everything that differs from the model's defaults.</summary>
/// <param name="PortraitPath">Picture of the person to animate: PNG, JPEG or WebP.</param>
/// <param name="DrivingPath">Video of the performance.</param>
/// <param name="OutputPath">The video to write; its folder exists.</param>
/// <param name="ModelDirectory">A model directory (<c>model.json</c> and its networks).</param>
public sealed record RenderRequest(string PortraitPath, string DrivingPath, string OutputPath, string ModelDirectory)
{
    /// <summary>Settings of the sampler; what is null comes from the model.</summary>
    public SamplingOverrides Sampling { get; init; } = new();

    /// <summary>Where faces are, and what happens without one.</summary>
    public FaceOptions Faces { get; init; } = new();

    /// <summary>Which part of the driving video is used; the whole by default.</summary>
    public VideoRange Clip { get; init; } = VideoRange.Whole;

    /// <summary>Where the networks run.</summary>
    public DeviceOptions Device { get; init; } = new();

    /// <summary>True writes the whole portrait picture with the animated face in it, false the face square alone.</summary>
    public bool PasteBack { get; init; }

    /// <summary>Width of written pictures, to which the model's are scaled; null writes them as they are. Not together with <see cref="PasteBack"/>.</summary>
    public int? OutputSize { get; init; }

    /// <summary>True replaces an existing output file.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Folder for the run's temporary files, which grow with the clip; null means the system's.</summary>
    public string? WorkDirectory { get; init; }

    /// <summary>
    /// Folder that keeps the work of <see cref="ClusterRenderer"/>, so that the same request goes on where it was; null forgets it at the end.
    /// </summary>
    public string? StoreDirectory { get; init; }
}

/// <summary>Settings of the sampler; null means the model's default.</summary>
public sealed record SamplingOverrides
{
    /// <summary>Seed of the initial noise.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Euler steps, at least 1.</summary>
    public int? Steps { get; init; }

    /// <summary>Fraction of the schedule that is run, (0, 1].</summary>
    public float? Strength { get; init; }

    /// <summary>Appearance guidance over the executed steps.</summary>
    public GuidanceRamp? AppearanceGuidance { get; init; }

    /// <summary>Motion guidance over the executed steps.</summary>
    public GuidanceRamp? MotionGuidance { get; init; }

    /// <summary>Frames per window. It is fixed in the model, so anything else is refused.</summary>
    public int? WindowLength { get; init; }

    /// <summary>Frames that neighbouring windows share.</summary>
    public int? WindowOverlap { get; init; }

    /// <summary>How far the window grid moves after every step.</summary>
    public int? WindowShift { get; init; }

    /// <summary>Faded frames on each side of the clip.</summary>
    public int? PaddingFrames { get; init; }
}

/// <summary>A guidance scale that goes linearly from the first executed step to the last.</summary>
public sealed record GuidanceRamp(float First, float Last);

/// <summary>Where faces are, and what happens without one.</summary>
public sealed record FaceOptions
{
    /// <summary>The face of the portrait.</summary>
    public FaceSelection Portrait { get; init; } = FaceSelection.Detected;

    /// <summary>The faces of the driving frames.</summary>
    public FaceSelection Driving { get; init; } = FaceSelection.Detected;

    /// <summary>What a driving frame without a face does.</summary>
    public MissingFacePolicy Missing { get; init; } = MissingFacePolicy.Hold;
}
