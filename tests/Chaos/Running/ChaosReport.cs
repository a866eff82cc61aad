using System.Collections.Immutable;
using System.Globalization;

namespace HunyuanPortrait.Chaos.Running;

/// <summary>What is printed: a line for a run, and a summary.</summary>
internal static class ChaosReport
{
    /// <summary>One line; what did not hold follows, a line each.</summary>
    public static string Of(RunReport run)
    {
        var faults = run.Disturbances.IsEmpty ? "no faults" : string.Join(", ", run.Disturbances.Select(disturbance => disturbance.What));
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"seed {run.Seed}: {(run.Holds ? "holds" : "FAILS")} after {run.Elapsed.TotalSeconds:0.0} s, {run.Recomputed} recomputed of {run.InHand} in hand; {faults}");
        return string.Join("\n  ", run.Failures.Prepend(line));
    }

    /// <summary>The last line.</summary>
    public static string Summary(ImmutableArray<RunReport> runs)
    {
        var failing = runs.Where(run => !run.Holds).Select(run => run.Seed.ToString(CultureInfo.InvariantCulture)).ToArray();
        var total = string.Create(
            CultureInfo.InvariantCulture,
            $"{runs.Length - failing.Length} of {runs.Length} runs hold; {runs.Sum(run => run.Disturbances.Length)} faults, {runs.Sum(run => run.Recomputed)} tasks recomputed of {runs.Sum(run => run.InHand)} in hand");
        return failing.Length == 0 ? total : $"{total}; failing seeds: {string.Join(' ', failing)}";
    }
}
