using HunyuanPortrait.Chaos.Histories;
using HunyuanPortrait.Core.Leases;

namespace HunyuanPortrait.Chaos.Rules;

/// <summary>
/// Nothing is accepted under an old epoch: the accepted lease was opened, is the newest that the task ever had, and a worker completed it before.
/// Needs no clock but for the last, so no delay can hide a violation. An epoch is given once.
/// </summary>
internal sealed class AcceptedUnderNewestLease : IHistoryRule
{
    public string Name => "nothing under an old epoch";

    public IEnumerable<string> Violations(RunEvidence run) => run.Jobs.SelectMany(job =>
        job.Accepts.SelectMany(notes => notes).SelectMany(accept => Violations(job, accept)).Concat(RepeatedEpochs(job)));

    private static IEnumerable<string> Violations(JobEvidence job, ProcessNote accept)
    {
        var (task, epoch) = (accept.Entry.Task, accept.Entry.Epoch);
        var newest = job.NewestLease(task)?.Entry.Epoch;
        if (!job.Leases[task].Any(lease => lease.Entry.Epoch == epoch))
            yield return $"{job.Job} {task} was accepted under {Text(epoch)}, which nobody leased";
        else if (newest != epoch)
            yield return $"{job.Job} {task} was accepted under {Text(epoch)}, and leased under {Text(newest!.Value)}";
        if (!job.Completes[task].Any(complete => complete.Entry.Epoch == epoch && complete.At <= accept.At))
            yield return $"{job.Job} {task} was accepted under {Text(epoch)} before any worker had completed it";
    }

    private static IEnumerable<string> RepeatedEpochs(JobEvidence job) =>
        from leases in job.Leases
        from same in leases.GroupBy(lease => lease.Entry.Epoch)
        where same.Count() > 1
        select $"{job.Job} {leases.Key} was leased {same.Count()} times under {Text(same.Key)}";

    private static string Text(long epoch) => new LeaseEpoch(epoch).ToString();
}
