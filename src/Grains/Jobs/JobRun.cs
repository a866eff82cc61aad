using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Grains.Interfaces.Jobs;

namespace HunyuanPortrait.Grains.Jobs;

/// <summary>What an activation of a job has in memory and can compute again: plan, wavefront, counts. Knows no Orleans.</summary>
internal sealed class JobRun
{
    private readonly TimeProvider clock;
    private readonly long started;
    private readonly Dictionary<int, (int Duplicates, int Stale)> refused = [];
    private readonly Dictionary<StepWindow, string> results = [];
    private ProgressMeter meter;

    public JobRun(JobSpecification specification, int frameCount, TimeProvider clock)
    {
        (Specification, this.clock, started) = (specification, clock, clock.GetTimestamp());
        Plan = new TaskPlan(specification.Shape(frameCount > 0 ? frameCount : specification.FrameCount));
        meter = new ProgressMeter(Plan, TaskCosts.Typical, Now);
    }

    public JobSpecification Specification { get; }

    public TaskPlan Plan { get; private set; }

    /// <summary>Null until it is known how far the segments are.</summary>
    public Wavefront? Wavefront { get; set; }

    /// <summary>Tasks that the pool has been told of.</summary>
    public HashSet<TaskId> Sent { get; } = [];

    /// <summary>How often tasks have failed for reasons that may pass.</summary>
    public Dictionary<TaskId, int> Failures { get; } = [];

    /// <summary>Results that the segments have refused, as far as they have told.</summary>
    public (int Duplicates, int Stale) Refused =>
        refused.Values.Aggregate((Duplicates: 0, Stale: 0), (sum, each) => (sum.Duplicates + each.Duplicates, sum.Stale + each.Stale));

    private TimeSpan Now => clock.GetElapsedTime(started);

    /// <summary>Takes note of what a segment has accepted and refused.</summary>
    public void Note(SegmentView segment)
    {
        foreach (var result in segment.Results)
            results[new StepWindow(result.Step, result.Window)] = result.ResultKey;
        if (segment.Duplicates + segment.Stale > 0)
            refused[segment.Segment] = (segment.Duplicates, segment.Stale);
    }

    /// <summary>The result of a window, which nobody will ask for again; null when its home has not told.</summary>
    public string? TakeResult(StepWindow window) => results.Remove(window, out var key) ? key : null;

    /// <summary>The video has been read: the plan is final.</summary>
    public void Replan(int frameCount)
    {
        if (frameCount == Plan.Shape.FrameCount)
            return;
        Plan = new TaskPlan(Specification.Shape(frameCount));
        meter = new ProgressMeter(Plan, TaskCosts.Typical, Now);
    }

    /// <summary>Ready tasks that the pool has not been told of; from now on it counts as told.</summary>
    public IReadOnlyList<TaskId> TakeUnsent(JobState state, JobLedgers ledgers)
    {
        var ready = state == JobState.Denoising
            ? Wavefront?.Outstanding().Select(window => TaskId.Denoise(window.Step, window.Window)) ?? []
            : StageTasks.Ready(state, Plan, ledgers);
        return [.. ready.Where(Sent.Add)];
    }

    /// <summary>Counts what has been accepted.</summary>
    public void Count(JobLedgers ledgers, bool isPaused)
    {
        foreach (var (kind, count) in ledgers.Counts())
            meter.Set(kind, Math.Min(count, Plan.CountOf(kind)), Now);
        if (Wavefront is { } wavefront)
            meter.Set(TaskKind.DenoiseWindow, wavefront.CompletedWindows, Now);
        meter.SetPaused(isPaused, Now);
    }

    /// <summary>Counts what was accepted before this activation.</summary>
    public void Recall(JobState state, JobLedgers ledgers)
    {
        var counts = ledgers.Counts().ToDictionary();
        if (state is JobState.Decoding or JobState.Muxing or JobState.Succeeded)
            counts[TaskKind.DenoiseWindow] = Plan.CountOf(TaskKind.DenoiseWindow);
        else if (Wavefront is { } wavefront)
            counts[TaskKind.DenoiseWindow] = wavefront.CompletedWindows;
        meter.Recall(counts, Now);
    }

    public JobProgressView Progress(JobState state)
    {
        var progress = meter.At(Now);
        var steps = Plan.Shape.StepCount;
        var spread = Wavefront?.Spread() ?? (state > JobState.Denoising ? (steps, steps) : (0, 0));
        return new JobProgressView
        {
            CompletedTasks = progress.CompletedTasks,
            TotalTasks = progress.TotalTasks,
            CompletedFraction = progress.CompletedFraction,
            CompletedWindows = progress.CompletedWindows,
            TotalWindows = progress.TotalWindows,
            SlowestStep = spread.Item1,
            FastestStep = spread.Item2,
            Steps = steps,
            Rate = progress.Rate,
            TimeLeft = progress.TimeLeft,
        };
    }
}
