using System.Collections.Immutable;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Blending;

/// <summary>One place of one window that covers a frame.</summary>
/// <param name="Window">Position of the window in the step's plan.</param>
/// <param name="Index">Position of the frame in the window.</param>
public readonly record struct Contribution(int Window, int Index);

/// <summary>
/// Which places of which windows a frame is the mean of, in the order of summation (SPEC §9.6): ascending windows and, where a short clip
/// repeats frames inside a window, ascending places. Small: two numbers a contribution.
/// </summary>
public sealed class BlendPlan
{
    private readonly int[] starts;
    private readonly Contribution[] contributions;

    /// <summary>Plans one step.</summary>
    /// <param name="windows">The step's windows, in plan order.</param>
    /// <param name="frameCount">Frames of the padded clip.</param>
    public BlendPlan(ImmutableArray<FrameWindow> windows, int frameCount)
    {
        Windows = windows;
        FrameCount = frameCount;
        starts = new int[frameCount + 1];
        foreach (var window in windows)
        {
            foreach (var frame in window.Frames(frameCount))
                starts[frame + 1]++;
        }

        for (var frame = 0; frame < frameCount; frame++)
            starts[frame + 1] += starts[frame];
        contributions = Fill();
    }

    /// <summary>The step's windows, in plan order.</summary>
    public ImmutableArray<FrameWindow> Windows { get; }

    /// <summary>Frames of the padded clip.</summary>
    public int FrameCount { get; }

    /// <summary>What a frame is the mean of, in the order of summation; never empty for a plan of <see cref="WindowPlanner"/>.</summary>
    public ReadOnlySpan<Contribution> ContributionsTo(int frame) => contributions.AsSpan(starts[frame]..starts[frame + 1]);

    /// <summary>Place of a contribution in its frame's order of summation.</summary>
    /// <exception cref="ArgumentException">The window has no such place.</exception>
    public int OrdinalOf(Contribution contribution)
    {
        var frame = Windows[contribution.Window].FrameAt(contribution.Index, FrameCount);
        var ordinal = ContributionsTo(frame).IndexOf(contribution);
        return ordinal >= 0 ? ordinal : throw new ArgumentException($"{contribution} is not part of the plan.", nameof(contribution));
    }

    private Contribution[] Fill()
    {
        var filled = new Contribution[starts[^1]];
        var next = starts.AsSpan(0, FrameCount).ToArray();
        for (var window = 0; window < Windows.Length; window++)
        {
            for (var index = 0; index < Windows[window].Length; index++)
                filled[next[Windows[window].FrameAt(index, FrameCount)]++] = new Contribution(window, index);
        }

        return filled;
    }
}
