using HunyuanPortrait.Core.Options;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Jobs;

/// <summary>The numbers that decide which tasks a job has.</summary>
/// <param name="FrameCount">Driving frames, at least 1.</param>
/// <param name="PaddingFrames">Faded frames on each side.</param>
/// <param name="Windows">Window plan.</param>
/// <param name="StepCount">Executed steps, at least 1.</param>
/// <param name="Chunks">How the rest of the work is cut.</param>
public sealed record JobShape(int FrameCount, int PaddingFrames, WindowSettings Windows, int StepCount, ChunkLengths Chunks)
{
    /// <summary>Failures of the numbers; none when they make a plan.</summary>
    public IEnumerable<string> Failures()
    {
        if (FrameCount < 1)
            yield return $"frameCount ({FrameCount}) must be at least 1";
        if (PaddingFrames < 0)
            yield return $"paddingFrames ({PaddingFrames}) must not be negative";
        if (StepCount < 1)
            yield return $"stepCount ({StepCount}) must be at least 1";
        foreach (var failure in SettingsRules.Failures(Windows).Concat(Chunks.Failures()))
            yield return failure;
    }
}

/// <summary>Lengths of the pieces that are not windows, in frames, each at least 1.</summary>
/// <param name="MotionGroup">Driving frames that are encoded together (SPEC §5.4).</param>
/// <param name="Decode">Frames of one call of the VAE decoder (SPEC §8).</param>
/// <param name="EncodePart">Frames of one closed part of the video.</param>
public sealed record ChunkLengths(int MotionGroup, int Decode, int EncodePart)
{
    /// <summary>Failures of the lengths.</summary>
    public IEnumerable<string> Failures()
    {
        if (MotionGroup < 1)
            yield return $"motionGroupLength ({MotionGroup}) must be at least 1";
        if (Decode < 1)
            yield return $"decodeChunkLength ({Decode}) must be at least 1";
        if (EncodePart < 1)
            yield return $"encodePartLength ({EncodePart}) must be at least 1";
    }
}
