using System.Collections.Immutable;
using HunyuanPortrait.Chaos.Histories;

namespace HunyuanPortrait.Chaos.Rules;

/// <summary>A rule that a history breaks.</summary>
/// <param name="Rule">Which one.</param>
/// <param name="Message">Where and how.</param>
internal sealed record Violation(string Rule, string Message);

/// <summary>Proves the promises of the cluster over what its processes have noted.</summary>
internal static class HistoryChecker
{
    private static readonly ImmutableArray<IHistoryRule> Rules =
    [
        new OnlyPlannedWork(),
        new AcceptedExactlyOnce(),
        new AcceptedUnderNewestLease(),
        new BlendedFromPlannedWindows(),
        new PublishedOnce(),
        new ReadAfterCompletion(),
        new EveryJobEnded(),
        new RecomputedOnlyWhatWasInHand(),
    ];

    /// <summary>The rules that a run breaks; none when everything is proven.</summary>
    public static ImmutableArray<Violation> Check(RunRecord record)
    {
        var run = new RunEvidence(record);
        return [.. Rules.SelectMany(rule => rule.Violations(run).Select(message => new Violation(rule.Name, message)))];
    }
}
