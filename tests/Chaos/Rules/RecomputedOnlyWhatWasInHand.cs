using HunyuanPortrait.Chaos.Histories;
using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Chaos.Rules;

/// <summary>
/// Work is repeated only where a disturbance took it out of somebody's hands: leases beyond a task's first are at most as many as tasks were in hand at
/// the disturbances. A task is in hand from its lease to its acceptance; a stopped device has no more in hand than it has slots.
/// </summary>
internal sealed class RecomputedOnlyWhatWasInHand : IHistoryRule
{
    public string Name => "recomputed at most what was in hand";

    public IEnumerable<string> Violations(RunEvidence run)
    {
        var (recomputed, inHand) = (Recomputed(run), InHand(run));
        if (recomputed > inHand)
            yield return $"{recomputed} tasks were leased again, and {inHand} were in hand at the disturbances";
    }

    /// <summary>Leases beyond the first of every task.</summary>
    public static int Recomputed(RunEvidence run) => run.Jobs.Sum(job => job.Leases.Sum(leases => leases.Count() - 1));

    /// <summary>Tasks that the disturbances may have cost.</summary>
    public static int InHand(RunEvidence run) => run.Disturbances.Sum(disturbance =>
        Math.Min(disturbance.Slots ?? int.MaxValue, run.Jobs.Sum(job => job.Leases.Sum(leases => Lost(job, leases, disturbance)))));

    private static int Lost(JobEvidence job, IGrouping<TaskId, ProcessNote> leases, Disturbance disturbance)
    {
        var isInHand = leases.Any(lease => lease.At <= disturbance.From) && !(job.AcceptedAt(leases.Key) <= disturbance.From);
        return (isInHand ? 1 : 0) + leases.Count(lease => lease.At > disturbance.From && lease.At <= disturbance.Until);
    }
}
