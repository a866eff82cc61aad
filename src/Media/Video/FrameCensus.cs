using System.Globalization;

namespace HunyuanPortrait.Media.Video;

/// <summary>
/// Counts a stream's packets and checks whether their times keep to one rate. Reads ffprobe's list line by line: memory does not grow with
/// the clip. Packets come in decoding order, so a small window puts them into showing order.
/// </summary>
internal sealed class FrameCensus
{
    private const int ReorderDepth = 64;
    private readonly PriorityQueue<long, long> window = new();
    private readonly List<RateCheck> checks;
    private readonly Rational timeBase;
    private bool timesComplete = true;
    private long lastDuration;

    /// <param name="timeBase">Seconds per tick of the packets' times.</param>
    /// <param name="candidates">Rates that the stream may keep to.</param>
    public FrameCensus(Rational timeBase, IEnumerable<Rational> candidates)
    {
        this.timeBase = timeBase;
        checks = [.. candidates.Where(rate => rate.IsPositive).Distinct().Select(rate => new RateCheck(rate, timeBase))];
    }

    /// <summary>All packets, those that an edit list hides included.</summary>
    public long Packets { get; private set; }

    /// <summary>Packets whose frames are shown.</summary>
    public long Frames { get; private set; }

    public long? First { get; private set; }

    public long Last { get; private set; }

    /// <summary>The rate that every frame keeps to, within a tick; null when there is none.</summary>
    public Rational? ConstantRate => timesComplete || Frames == 0
        ? checks.Where(check => check.Holds).Select(check => (Rational?)check.Rate).FirstOrDefault()
        : null;

    /// <summary>True when every packet has a time.</summary>
    public bool HasTimes => timesComplete;

    /// <summary>From the first frame to the end of the last.</summary>
    public TimeSpan Duration => First is { } first
        ? TimeSpan.FromSeconds((Last - first + Math.Max(lastDuration, 0)) * timeBase.Value)
        : TimeSpan.Zero;

    /// <param name="line"><c>pts,duration,flags</c>, N/A where unknown.</param>
    public void Add(string line)
    {
        var fields = line.Split(',');
        if (fields.Length < 3)
            return;
        Packets++;
        if (fields[2].Contains('D', StringComparison.Ordinal))
            return;
        Frames++;
        if (!long.TryParse(fields[0], CultureInfo.InvariantCulture, out var time))
        {
            timesComplete = false;
            return;
        }

        if (First is null || time >= Last)
        {
            Last = time;
            lastDuration = long.TryParse(fields[1], CultureInfo.InvariantCulture, out var duration) ? duration : 0;
        }

        First = Math.Min(First ?? time, time);
        window.Enqueue(time, time);
        if (window.Count > ReorderDepth)
            Check(window.Dequeue());
    }

    /// <summary>No packet follows.</summary>
    public void Complete()
    {
        while (window.TryDequeue(out var time, out _))
            Check(time);
    }

    private void Check(long time)
    {
        foreach (var check in checks)
            check.Add(time);
    }

    private sealed class RateCheck(Rational rate, Rational timeBase)
    {
        private readonly double ticksPerFrame = (double)rate.Denominator * timeBase.Denominator / ((double)rate.Numerator * timeBase.Numerator);
        private long first;
        private long index;

        public Rational Rate { get; } = rate;

        public bool Holds { get; private set; } = true;

        public void Add(long time)
        {
            if (index == 0)
                first = time;
            Holds &= Math.Abs(time - first - index * ticksPerFrame) <= 1.0001;
            index++;
        }
    }
}
