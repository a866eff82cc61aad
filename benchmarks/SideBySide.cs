using System.Diagnostics;

namespace HunyuanPortrait.Benchmarks;

/// <summary>Something that can be run once and says how many seconds it took.</summary>
internal sealed record Contender(string Name, Func<double> Run)
{
    /// <summary>Times an action of this process.</summary>
    public static Contender Of(string name, Action run) => new(name, () =>
    {
        var start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    });
}

/// <summary>Runs contenders in turn, so that whatever else the machine does hits all of them.</summary>
internal static class SideBySide
{
    private const int WarmUp = 3;

    // The threads of one process may still spin for some milliseconds after its turn.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <summary>Times A, B, A, B, …; which goes first alternates from pair to pair.</summary>
    public static Comparison Measure(Contender ours, Contender other, int pairs, int warmUp = WarmUp)
    {
        Console.Error.WriteLine($"{ours.Name} and {other.Name}: {warmUp} + {pairs} pairs");
        for (var i = 0; i < warmUp; i++)
            _ = Pair(ours, other);
        var times = Enumerable.Range(0, pairs).Select(pair =>
        {
            if (pair % 2 == 0)
                return Pair(ours, other);
            var (second, first) = Pair(other, ours);
            return (first, second);
        }).ToArray();
        var ratios = times.Select(time => time.Item2 / time.Item1).ToArray();
        return new Comparison(
            ours.Name, other.Name, Median(ratios), ratios.Min(), ratios.Max(), Median(times.Select(time => time.Item1)), Median(times.Select(time => time.Item2)), pairs);
    }

    private static (double First, double Second) Pair(Contender first, Contender second)
    {
        Thread.Sleep(Pause);
        var firstSeconds = first.Run();
        Thread.Sleep(Pause);
        return (firstSeconds, second.Run());
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
