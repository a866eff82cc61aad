namespace HunyuanPortrait.Media.Video;

/// <summary>What a video file is, after every frame's time was looked at (nothing is decoded for that).</summary>
/// <param name="Path">The file.</param>
/// <param name="StreamIndex">The video stream in the file.</param>
/// <param name="Width">Of an upright frame with square pixels, pixels.</param>
/// <param name="Height">Of an upright frame with square pixels, pixels.</param>
/// <param name="FrameCount">Frames that are shown.</param>
/// <param name="Duration">From the first frame to the end of the last.</param>
/// <param name="Timing">When frames are shown.</param>
/// <param name="Colour">How pixels are stored.</param>
/// <param name="Audio">The first audio stream; null when there is none.</param>
public sealed record VideoInfo(
    string Path,
    int StreamIndex,
    int Width,
    int Height,
    long FrameCount,
    TimeSpan Duration,
    VideoTiming Timing,
    VideoColour Colour,
    AudioTrack? Audio);

/// <summary>When frames are shown.</summary>
/// <param name="ConstantRate">Frames per second when all frames keep to one rate; null for a variable rate.</param>
/// <param name="AverageRate">Frames per second on average.</param>
/// <param name="NominalRate">The rate that ffprobe guesses for the stream (<c>r_frame_rate</c>).</param>
/// <param name="TicksPerSecond">Unit of <see cref="VideoFrame.Time"/>.</param>
public sealed record VideoTiming(Rational? ConstantRate, Rational AverageRate, Rational NominalRate, int TicksPerSecond);

/// <summary>How pixels are stored, in ffmpeg's names; null where the file does not say.</summary>
/// <param name="PixelFormat">For example <c>yuv420p10le</c>.</param>
/// <param name="BitDepth">Bits of a sample.</param>
/// <param name="FullRange">True for 0–255, false for 16–235.</param>
/// <param name="Matrix">RGB → YUV.</param>
/// <param name="Transfer">Transfer characteristic.</param>
/// <param name="Primaries">Colour primaries.</param>
/// <param name="SampleAspect">Width of a pixel over its height; 0/0 where the file does not say.</param>
/// <param name="Rotation">Degrees that a player turns the stored frame, clockwise.</param>
public sealed record VideoColour(
    string PixelFormat, int BitDepth, bool FullRange, string? Matrix, string? Transfer, string? Primaries, Rational SampleAspect, int Rotation)
{
    /// <summary>PQ or HLG: needs tone mapping.</summary>
    public bool IsHighDynamicRange => Transfer is "smpte2084" or "arib-std-b67";
}

/// <summary>An audio stream.</summary>
/// <param name="StreamIndex">In the file.</param>
/// <param name="Codec">In ffmpeg's names, for example <c>aac</c>.</param>
public sealed record AudioTrack(int StreamIndex, string Codec);

/// <summary>Part of a clip.</summary>
/// <param name="Start">From the file's beginning; zero by default.</param>
/// <param name="Duration">From <paramref name="Start"/>; to the end when null.</param>
public sealed record VideoRange(TimeSpan Start, TimeSpan? Duration)
{
    /// <summary>All of it.</summary>
    public static VideoRange Whole { get; } = new(TimeSpan.Zero, null);
}
