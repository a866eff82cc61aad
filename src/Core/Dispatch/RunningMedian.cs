namespace HunyuanPortrait.Core.Dispatch;

/// <summary>The median of the last durations of a lane: what a task is expected to take, unmoved by single outliers.</summary>
internal sealed class RunningMedian
{
    private const int Window = 31;

    private readonly List<TimeSpan> recent = new(Window);
    private TimeSpan median;
    private int next;

    /// <summary>How many durations have been seen, at most the window's length.</summary>
    public int Samples => recent.Count;

    /// <summary>The median; null before the first duration.</summary>
    public TimeSpan? Value => Samples == 0 ? null : median;

    public void Add(TimeSpan duration)
    {
        if (recent.Count < Window)
            recent.Add(duration);
        else
            recent[next] = duration;
        next = (next + 1) % Window;
        Span<TimeSpan> sorted = stackalloc TimeSpan[Window];
        recent.CopyTo(sorted);
        sorted = sorted[..recent.Count];
        sorted.Sort();
        median = sorted[sorted.Length / 2];
    }
}
