namespace HunyuanPortrait.Core.Dispatch;

/// <summary>What the tasks of each lane take.</summary>
internal sealed class ExpectedTimes
{
    // Until a lane is known its tasks are charged like this, all tenants alike.
    private const double UnknownSeconds = 1;

    // Whoever pays nothing never has to let others pass.
    private const double LeastSeconds = 0.001;

    private readonly Dictionary<DispatchLane, RunningMedian> medians = [];

    public TimeSpan? Of(DispatchLane lane) => medians.GetValueOrDefault(lane)?.Value;

    /// <summary>What a task of a lane is charged.</summary>
    public double SecondsOf(DispatchLane lane) => Of(lane) is { } known ? Charged(known) : UnknownSeconds;

    /// <summary>What a task is charged that took its time.</summary>
    public static double Charged(TimeSpan duration) => Math.Max(LeastSeconds, duration.TotalSeconds);

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
