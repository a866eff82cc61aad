using System.Collections.Immutable;
using HunyuanPortrait.Core.Frames;
using HunyuanPortrait.Core.Options;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Segments;

/// <summary>
/// Who owns which latents. A segment is a block of <see cref="WindowSettings.Stride"/> consecutive padded frames; a window touches the segments of
/// its frames, and the one that holds its first frame is its home. Nothing is stored: every answer is computed, in a time that does not depend on
/// the clip's length.
/// </summary>
public sealed class SegmentPlan
{
    /// <summary>Plans the segments of a clip.</summary>
    /// <param name="frameCount">Frames of the padded clip, at least 1.</param>
    /// <param name="windows">Window plan.</param>
    /// <param name="stepCount">Executed steps, at least 1.</param>
    /// <exception cref="Errors.RenderException">HP3001: the settings make no plan.</exception>
    public SegmentPlan(int frameCount, WindowSettings windows, int stepCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepCount, 1);
        OptionErrors.ThrowIfAny(SettingsRules.Failures(windows));
        FrameCount = frameCount;
        Windows = windows;
        StepCount = stepCount;
        SegmentCount = WindowPlanner.CountOf(frameCount, windows);
    }

    /// <summary>Frames of the padded clip.</summary>
    public int FrameCount { get; }

    /// <summary>Window plan.</summary>
    public WindowSettings Windows { get; }

    /// <summary>Executed steps.</summary>
    public int StepCount { get; }

    /// <summary>How many segments there are: as many as a step has windows.</summary>
    public int SegmentCount { get; }

    /// <summary>How many windows every step has.</summary>
    public int WindowCount => SegmentCount;

    /// <summary>The padded frames of a segment; the last segment may be shorter.</summary>
    public FrameRange FramesOf(int segment)
    {
        RequireInside(segment, SegmentCount, nameof(segment));
        var start = segment * Windows.Stride;
        return new FrameRange(start, Math.Min(Windows.Stride, FrameCount - start));
    }

    /// <summary>The segment that owns a padded frame.</summary>
    public int SegmentOf(int frame)
    {
        RequireInside(frame, FrameCount, nameof(frame));
        return frame / Windows.Stride;
    }

    /// <summary>The segments of consecutive frames, as a range of segments.</summary>
    public FrameRange SegmentsOf(FrameRange frames)
    {
        var first = SegmentOf(frames.Start);
        return new FrameRange(first, SegmentOf(frames.End - 1) - first + 1);
    }

    /// <summary>One window of one step, as <see cref="WindowPlanner.Plan"/> has it.</summary>
    public FrameWindow WindowAt(int step, int window)
    {
        RequireInside(step, StepCount, nameof(step));
        RequireInside(window, WindowCount, nameof(window));
        return WindowPlanner.At(Windows, step, window);
    }

    /// <summary>The home of a window: the segment that holds its first frame and accepts its result.</summary>
    public int HomeOf(int step, int window) => SegmentOf(WindowAt(step, window).FrameAt(0, FrameCount));

    /// <summary>The segments that a window reads and contributes to, ascending.</summary>
    public ImmutableArray<int> SegmentsOf(int step, int window)
    {
        var frames = WindowAt(step, window);
        var first = SegmentOf(frames.FrameAt(0, FrameCount));
        var last = SegmentOf(frames.FrameAt(frames.Length - 1, FrameCount));
        if (frames.Length >= FrameCount)
            return Range(0, SegmentCount);
        if (frames.FrameAt(0, FrameCount) <= frames.FrameAt(frames.Length - 1, FrameCount))
            return Range(first, last + 1);
        return last >= first ? Range(0, SegmentCount) : [.. Range(0, last + 1), .. Range(first, SegmentCount)];
    }

    /// <summary>The windows that touch a segment at a step, ascending: those it blends, and those that read it; never empty.</summary>
    public ImmutableArray<int> WindowsOf(int step, int segment)
    {
        RequireInside(step, StepCount, nameof(step));
        var frames = FramesOf(segment);
        var shift = WindowPlanner.ShiftAt(Windows, step);
        var laps = Windows.Length / FrameCount + 1;
        var windows = ImmutableArray.CreateBuilder<int>();
        var next = 0;

        // Unrolled, the clip repeats every FrameCount frames. Later laps are met by later windows, so the result ascends.
        for (var lap = -laps; lap <= laps; lap++)
        {
            var origin = lap * FrameCount + shift;
            next = Math.Max(next, FloorDivide(origin + frames.Start - Windows.Length, Windows.Stride) + 1);
            var end = Math.Min(WindowCount, FloorDivide(origin + frames.End - 1, Windows.Stride) + 1);
            for (; next < end; next++)
                windows.Add(next);
        }

        return windows.DrainToImmutable();
    }

    private static ImmutableArray<int> Range(int start, int end) => [.. Enumerable.Range(start, end - start)];

    private static int FloorDivide(int dividend, int divisor) => (int)Math.Floor((double)dividend / divisor);

    private static void RequireInside(int value, int count, string name) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)value, (uint)count, name);
}
