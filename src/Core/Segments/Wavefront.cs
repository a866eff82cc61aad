using System.Collections.Immutable;

namespace HunyuanPortrait.Core.Segments;

/// <summary>One window of one step.</summary>
/// <param name="Step">Executed step, counted from 0.</param>
/// <param name="Window">Its position in the step's plan.</param>
public readonly record struct StepWindow(int Step, int Window);

/// <summary>The latents of one segment after one step.</summary>
/// <param name="Segment">Which segment.</param>
/// <param name="Step">Executed step, counted from 0.</param>
public readonly record struct SegmentLatents(int Segment, int Step);

/// <summary>What follows from a segment's completed step.</summary>
/// <param name="Ready">Windows that may be denoised from now on.</param>
/// <param name="ObsoleteResults">Windows whose results nobody will read again.</param>
/// <param name="ObsoleteLatents">Latents that nobody will read again.</param>
public sealed record WavefrontChange(
    ImmutableArray<StepWindow> Ready, ImmutableArray<StepWindow> ObsoleteResults, ImmutableArray<SegmentLatents> ObsoleteLatents)
{
    /// <summary>Nothing follows: the step was known.</summary>
    public static WavefrontChange None { get; } = new([], [], []);
}

/// <summary>
/// Which windows may run: a window of step s reads the latents of the segments that it touches, so it is ready when all of them have completed
/// step s − 1. Holds one number a segment and can be rebuilt from those numbers.
/// </summary>
/// <remarks>
/// Messages may be late, lost or repeated: completing a step implies the steps before it, and what is known changes nothing. A window is reported
/// as ready at most once, and not at all when a segment that it touches is known to be further already, because then its result was accepted.
/// Not safe for concurrent use.
/// </remarks>
public sealed class Wavefront
{
    private readonly SegmentPlan plan;
    private readonly int[] completed;

    /// <summary>Starts a job, or goes on with one.</summary>
    /// <param name="plan">The job's segments.</param>
    /// <param name="completedSteps">How many steps each segment has completed; empty for a new job.</param>
    public Wavefront(SegmentPlan plan, ReadOnlySpan<int> completedSteps = default)
    {
        this.plan = plan;
        completed = completedSteps.IsEmpty ? new int[plan.SegmentCount] : completedSteps.ToArray();
        if (completed.Length != plan.SegmentCount)
            throw new ArgumentException($"Expected {plan.SegmentCount} segments, got {completed.Length}.", nameof(completedSteps));
        foreach (var steps in completed)
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)steps, (uint)plan.StepCount, nameof(completedSteps));
        SegmentsDone = completed.Count(steps => steps == plan.StepCount);
        CompletedWindows = CountWindows();
    }

    /// <summary>How many segments are through their last step.</summary>
    public int SegmentsDone { get; private set; }

    /// <summary>Whether all segments are through their last step.</summary>
    public bool IsComplete => SegmentsDone == plan.SegmentCount;

    /// <summary>How many windows of all steps are known to be accepted, because a segment that they touch has completed their step.</summary>
    public int CompletedWindows { get; private set; }

    /// <summary>How many steps a segment has completed, as far as is known.</summary>
    public int CompletedStepsOf(int segment) => completed[segment];

    /// <summary>How many steps all segments have completed, and how many the foremost.</summary>
    public (int Slowest, int Fastest) Spread() => (completed.Min(), completed.Max());

    /// <summary>All windows that are ready now and not known to be accepted: what has to be enqueued for a new job and after a restart.</summary>
    /// <param name="accepted">Windows that their homes have accepted meanwhile; they are left out. Null for none.</param>
    public IEnumerable<StepWindow> Outstanding(IReadOnlySet<StepWindow>? accepted = null)
    {
        for (var segment = 0; segment < plan.SegmentCount; segment++)
        {
            var step = completed[segment];
            if (step == plan.StepCount)
                continue;
            foreach (var window in plan.WindowsOf(step, segment))
            {
                var touched = plan.SegmentsOf(step, window);
                var candidate = new StepWindow(step, window);
                if (touched[0] == segment && touched.All(each => completed[each] == step) && accepted?.Contains(candidate) != true)
                    yield return candidate;
            }
        }
    }

    /// <summary>Takes note that a segment has completed a step.</summary>
    /// <param name="segment">Which segment.</param>
    /// <param name="step">Executed step, counted from 0.</param>
    public WavefrontChange Complete(int segment, int step)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)segment, (uint)plan.SegmentCount, nameof(segment));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)step, (uint)plan.StepCount, nameof(step));
        var before = completed[segment];
        if (step < before)
            return WavefrontChange.None;
        CompletedWindows += NewlyCompleted(segment, before, step);
        completed[segment] = step + 1;
        SegmentsDone += step + 1 == plan.StepCount ? 1 : 0;
        var steps = Enumerable.Range(before, step + 1 - before);
        return new WavefrontChange(
            ReadyAfter(segment, step),
            [.. steps.SelectMany(each => Obsolete(segment, each))],
            [.. steps.Where(each => each > 0).Select(each => new SegmentLatents(segment, each - 1))]);
    }

    private ImmutableArray<StepWindow> ReadyAfter(int segment, int step)
    {
        var next = step + 1;
        if (next == plan.StepCount)
            return [];
        return [.. plan.WindowsOf(next, segment)
            .Where(window => plan.SegmentsOf(next, window).All(each => completed[each] == next))
            .Select(window => new StepWindow(next, window))];
    }

    private IEnumerable<StepWindow> Obsolete(int segment, int step) => plan.WindowsOf(step, segment)
        .Where(window => plan.SegmentsOf(step, window).All(each => completed[each] > step))
        .Select(window => new StepWindow(step, window));

    private int NewlyCompleted(int segment, int first, int last)
    {
        var count = 0;
        for (var step = first; step <= last; step++)
            count += plan.WindowsOf(step, segment).Count(window => !IsCompleted(step, window));
        return count;
    }

    private bool IsCompleted(int step, int window) => plan.SegmentsOf(step, window).Any(each => completed[each] > step);

    private int CountWindows()
    {
        var (slowest, fastest) = Spread();
        var count = slowest * plan.WindowCount;
        for (var step = slowest; step < fastest; step++)
            count += Enumerable.Range(0, plan.WindowCount).Count(window => IsCompleted(step, window));
        return count;
    }
}
