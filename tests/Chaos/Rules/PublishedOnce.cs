using HunyuanPortrait.Chaos.Histories;

namespace HunyuanPortrait.Chaos.Rules;

/// <summary>
/// Every segment publishes every step once, after it was blended: its latents can be written once only. A process that is stopped may lose the
/// note of it.
/// </summary>
internal sealed class PublishedOnce : IHistoryRule
{
    public string Name => "published once";

    public IEnumerable<string> Violations(RunEvidence run) =>
        from job in run.Jobs
        from place in job.Places
        let count = job.PublishCount(place)
        where count > 1 || job.CompletedAt(place) is null
        select $"{job.Job} segment {place.Segment} published step {place.Step} {count} times";
}
