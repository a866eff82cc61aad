namespace HunyuanPortrait.Core.Jobs;

/// <summary>
/// Counts a job's accepted tasks and tells rate and time left. The estimate is the work that is left over the work a second of the last
/// <see cref="Horizon"/>, or longer where tasks are slow, so that it covers <see cref="EnoughTasks"/>: new workers and lost ones show within a
/// minute, and while nothing is completed the estimate grows instead of lying. Unknown until <see cref="EnoughTasks"/> were completed over
/// <see cref="EnoughTime"/>.
/// </summary>
/// <remarks>
/// Time is given: a duration since any fixed moment, never going back. Memory is fixed. Not safe for concurrent use. Not known to the estimate: that
/// the last windows of a clip keep fewer workers busy than the others.
/// </remarks>
public sealed class ProgressMeter
{
    /// <summary>How far back the rate looks.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromMinutes(1);

    /// <summary>The least time over which a rate is measured.</summary>
    public static readonly TimeSpan EnoughTime = TimeSpan.FromSeconds(5);

    /// <summary>The least number of tasks from which a rate is measured.</summary>
    public const int EnoughTasks = 8;

    private const int MostMarks = 60;

    private readonly TaskPlan plan;
    private readonly TaskCosts costs;
    private readonly double total;
    private readonly int[] completed = new int[Enum.GetValues<TaskKind>().Length];
    private readonly Queue<Mark> marks = [];
    private Mark newest;
    private bool isPaused;

    /// <summary>Starts to count, or goes on.</summary>
    /// <param name="plan">The job's tasks.</param>
    /// <param name="costs">What they cost.</param>
    /// <param name="now">The present.</param>
    public ProgressMeter(TaskPlan plan, TaskCosts costs, TimeSpan now)
    {
        this.plan = plan;
        this.costs = costs;
        total = costs.Total(plan);
        Restart(now);
    }

    private int CompletedTasks => completed.Sum();

    private double Work => Enum.GetValues<TaskKind>().Sum(kind => completed[(int)kind] * costs[kind]);

    /// <summary>Sets how many tasks of a kind have been accepted; less than before is ignored, because reports may overtake each other.</summary>
    public void Set(TaskKind kind, int count, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, plan.CountOf(kind));
        if (count <= completed[(int)kind])
            return;
        completed[(int)kind] = count;
        newest = new Mark(now, Work, CompletedTasks);
        if (newest.At - marks.Last().At >= Horizon / MostMarks)
            marks.Enqueue(newest);
        Forget(now);
    }

    /// <summary>Stops or restarts the clock: what happens before a pause says nothing about the time after it.</summary>
    public void SetPaused(bool paused, TimeSpan now)
    {
        if (isPaused == paused)
            return;
        isPaused = paused;
        Restart(now);
    }

    /// <summary>Counts what was known before the meter was there, after a restart of its owner; does not count for the rate.</summary>
    public void Recall(IEnumerable<KeyValuePair<TaskKind, int>> counts, TimeSpan now)
    {
        foreach (var (kind, count) in counts)
            Set(kind, count, now);
        Restart(now);
    }

    /// <summary>The progress at a moment.</summary>
    public JobProgress At(TimeSpan now)
    {
        Forget(now);
        var rate = RateAt(now);
        var left = total - Work;
        return new JobProgress(
            CompletedTasks, plan.TotalCount, total == 0 ? 1 : Work / total, completed[(int)TaskKind.DenoiseWindow], plan.CountOf(TaskKind.DenoiseWindow), rate,
            CompletedTasks == plan.TotalCount ? TimeSpan.Zero : rate > 0 ? TimeSpan.FromSeconds(left / rate.Value) : null);
    }

    private double? RateAt(TimeSpan now)
    {
        var oldest = marks.Peek();
        var elapsed = now - oldest.At;
        var isKnown = !isPaused && elapsed >= EnoughTime && newest.Tasks - oldest.Tasks >= EnoughTasks;
        return isKnown ? (newest.Work - oldest.Work) / elapsed.TotalSeconds : null;
    }

    private void Restart(TimeSpan now)
    {
        marks.Clear();
        newest = new Mark(now, Work, CompletedTasks);
        marks.Enqueue(newest);
    }

    // The oldest mark that stays is the last one that is old enough and has enough tasks after it.
    private void Forget(TimeSpan now)
    {
        while (marks.Count > 1 && marks.ElementAt(1).At <= now - Horizon && newest.Tasks - marks.ElementAt(1).Tasks >= EnoughTasks)
            marks.Dequeue();
    }

    private readonly record struct Mark(TimeSpan At, double Work, int Tasks);
}
