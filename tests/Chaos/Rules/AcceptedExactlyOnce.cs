using HunyuanPortrait.Chaos.Histories;

namespace HunyuanPortrait.Chaos.Rules;

/// <summary>
/// Every task of every plan has one accepted result. An owner's process that is stopped between writing and noting may lose the note of the one
/// acceptance that was in its hands, and no more.
/// </summary>
internal sealed class AcceptedExactlyOnce : IHistoryRule
{
    public string Name => "accepted exactly once";

    public IEnumerable<string> Violations(RunEvidence run) => run.Jobs.SelectMany(job => Repeated(job).Concat(Missing(job)).Concat(Lost(job)));

    private static IEnumerable<string> Repeated(JobEvidence job) =>
        job.Accepts.Where(notes => notes.Count() > 1).Select(notes => $"{job.Job} {notes.Key} was accepted {notes.Count()} times");

    private static IEnumerable<string> Missing(JobEvidence job) =>
        job.Plan.Tasks().Where(task => job.AcceptedEpoch(task) is null).Select(task => $"{job.Job} {task} was never accepted");

    private static IEnumerable<string> Lost(JobEvidence job) => job.Plan.Tasks()
        .Select(job.LostAcceptance).OfType<ProcessNote>()
        .GroupBy(lease => (lease.Process, lease.Entry.Actor)).Where(lost => lost.Count() > 1)
        .Select(lost => $"{lost.Key.Actor} in {lost.Key.Process} did not note {lost.Count()} acceptances of {job.Job}: a stop explains one");
}
