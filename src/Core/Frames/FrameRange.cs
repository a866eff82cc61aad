using System.Collections.Immutable;

namespace HunyuanPortrait.Core.Frames;

/// <summary>Consecutive frames of a clip, without wrapping.</summary>
/// <param name="Start">First frame.</param>
/// <param name="Length">Number of frames.</param>
public readonly record struct FrameRange(int Start, int Length)
{
    /// <summary>The frame after the last.</summary>
    public int End => Start + Length;

    /// <summary>The frames that both ranges have; of length 0 where there is none.</summary>
    public FrameRange Intersect(FrameRange other)
    {
        var start = Math.Max(Start, other.Start);
        return new FrameRange(start, Math.Max(0, Math.Min(End, other.End) - start));
    }

    /// <summary>
    /// Cuts a clip into pieces of equal length, the last one maybe shorter: motion groups (SPEC §5.4, before padding) and decode chunks (SPEC §8).
    /// </summary>
    /// <param name="frameCount">Frames of the clip.</param>
    /// <param name="length">Frames of a piece, at least 1.</param>
    public static ImmutableArray<FrameRange> Cut(int frameCount, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frameCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var count = (frameCount + length - 1) / length;
        return [.. Enumerable.Range(0, count).Select(piece => new FrameRange(piece * length, Math.Min(length, frameCount - piece * length)))];
    }
}
