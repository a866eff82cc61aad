using HunyuanPortrait.Chaos.Histories;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Segments;

namespace HunyuanPortrait.Chaos.Rules;

/// <summary>
/// Every segment is blended at every step, from exactly the windows that the plan says, in their order, and from their accepted results. It may be
/// blended again after a stop, from the same.
/// </summary>
internal sealed class BlendedFromPlannedWindows : IHistoryRule
{
    public string Name => "blended from the plan's windows";

    public IEnumerable<string> Violations(RunEvidence run) => run.Jobs.SelectMany(job => job.Places.SelectMany(place => Violations(job, place)));

    private static IEnumerable<string> Violations(JobEvidence job, SegmentLatents place)
    {
        var name = $"{job.Job} segment {place.Segment} at step {place.Step}";
        if (!job.Blends[place].Any())
            yield return $"{name} was never blended";
        var planned = job.Plan.Segments.WindowsOf(place.Step, place.Segment);
        foreach (var blend in job.Blends[place])
        {
            var windows = blend.Parts.Select(part => part.Window).ToArray();
            if (!windows.SequenceEqual(planned))
                yield return $"{name} was blended from the windows {string.Join(' ', windows)}, the plan says {string.Join(' ', planned)}";
            else if (blend.Parts.FirstOrDefault(part => !IsAccepted(job, place.Step, part)) is { Key: not null } other)
                yield return $"{name} was blended from {other.Key}, which is not the accepted result of window {other.Window}";
        }
    }

    private static bool IsAccepted(JobEvidence job, int step, BlendPart part)
    {
        var task = TaskId.Denoise(step, part.Window);
        return job.AcceptedEpoch(task) is not { } epoch || job.ResultKey(task, epoch).Value == part.Key;
    }
}
