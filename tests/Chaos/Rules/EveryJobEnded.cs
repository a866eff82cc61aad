using HunyuanPortrait.Chaos.Histories;
using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Chaos.Rules;

/// <summary>Every job that was submitted ended, and well. It may say so again after a stop.</summary>
internal sealed class EveryJobEnded : IHistoryRule
{
    public string Name => "every job ended";

    public IEnumerable<string> Violations(RunEvidence run) => run.Jobs.SelectMany(Violations);

    private static IEnumerable<string> Violations(JobEvidence job) => job.Ends.IsEmpty
        ? [$"{job.Job} did not end"]
        : job.Ends.Select(end => end.Entry.Detail).Distinct().Where(state => state != nameof(JobState.Succeeded)).Select(state => $"{job.Job} ended as {state}");
}
