namespace HunyuanPortrait.Core.Dispatch;

/// <summary>What the tasks of each lane take.</summary>
internal sealed class ExpectedTimes
{
    // Until a lane is known its tasks are charged like this; all tenants alike, so shares stay right.
    private const double UnknownSeconds = 1;

    private readonly Dictionary<DispatchLane, RunningMedian> medians = [];

    public TimeSpan? Of(DispatchLane lane) => medians.GetValueOrDefault(lane)?.Value;

    public double SecondsOf(DispatchLane lane) => Of(lane)?.TotalSeconds ?? UnknownSeconds;

    public void Add(DispatchLane lane, TimeSpan duration)
    {
        if (!medians.TryGetValue(lane, out var median))
            medians.Add(lane, median = new RunningMedian());
        median.Add(duration);
    }

    /// <summary>How far a task is over its time, as a factor; null while the lane is hardly known.</summary>
    public double? Overrun(DispatchLane lane, TimeSpan elapsed, int minimumSamples) =>
        medians.TryGetValue(lane, out var median) && median.Samples >= Math.Max(1, minimumSamples) && median.Value > TimeSpan.Zero
            ? elapsed / median.Value
            : null;
}
