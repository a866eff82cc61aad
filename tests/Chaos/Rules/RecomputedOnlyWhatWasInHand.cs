using System.Globalization;
using HunyuanPortrait.Chaos.Histories;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;

namespace HunyuanPortrait.Chaos.Rules;

/// <summary>
/// Work is repeated only where a disturbance took it out of somebody's hands: tasks are begun again at most as often as tasks were in hand at the
/// disturbances. A task is in hand from its lease to its acceptance; a stopped device has no more in hand than it has slots. A lease that no worker ever
/// got, because its question was over when the owner answered, is no work.
/// </summary>
internal sealed class RecomputedOnlyWhatWasInHand : IHistoryRule
{
    public string Name => "recomputed at most what was in hand";

    public IEnumerable<string> Violations(RunEvidence run)
    {
        var (recomputed, inHand) = (Recomputed(run), InHand(run));
        if (recomputed > inHand)
            yield return $"{recomputed} tasks were begun again, and {inHand} were in hand at the disturbances: {string.Join("; ", Repeated(run))}";
    }

    // For whoever looks into it: who leased what, and when, in seconds since the first lease.
    private static IEnumerable<string> Repeated(RunEvidence run)
    {
        var began = run.Jobs.SelectMany(job => job.Leases.SelectMany(leases => leases)).Min(lease => lease.At);
        string Text(long at) => string.Create(CultureInfo.InvariantCulture, $"{(double)(at - began) / TimeProvider.System.TimestampFrequency:0.00}");
        var tasks = run.Jobs.SelectMany(job => job.Begins).Where(begins => begins.Count() > 1)
            .Select(begins => $"{begins.Key} by {string.Join(", ", begins.Select(begin => $"{begin.Process} at {Text(begin.At)} as {new LeaseEpoch(begin.Entry.Epoch)}"))}");
        return tasks.Concat(run.Disturbances.Select(disturbance => $"{disturbance.What} was at {Text(disturbance.From)}"));
    }

    /// <summary>Beginnings beyond the first of every task.</summary>
    public static int Recomputed(RunEvidence run) => run.Jobs.Sum(job => job.Begins.Sum(begins => begins.Count() - 1));

    /// <summary>Tasks that the disturbances may have cost.</summary>
    public static int InHand(RunEvidence run) => run.Disturbances.Sum(disturbance =>
        Math.Min(disturbance.Slots ?? int.MaxValue, run.Jobs.Sum(job => job.Leases.Sum(leases => Lost(job, leases, disturbance)))));

    private static int Lost(JobEvidence job, IGrouping<TaskId, ProcessNote> leases, Disturbance disturbance)
    {
        var isInHand = leases.Any(lease => lease.At <= disturbance.From) && !(job.AcceptedAt(leases.Key) <= disturbance.From);
        return (isInHand ? 1 : 0) + leases.Count(lease => lease.At > disturbance.From && lease.At <= disturbance.Until);
    }
}
