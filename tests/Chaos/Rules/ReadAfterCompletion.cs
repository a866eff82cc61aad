using HunyuanPortrait.Chaos.Histories;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Segments;

namespace HunyuanPortrait.Chaos.Rules;

/// <summary>
/// No step of a segment is read before it is complete. Whoever works on a task reads after the task was leased, so no task is leased before what it
/// reads is complete; and where workers note what they read, those notes are judged by themselves.
/// </summary>
internal sealed class ReadAfterCompletion : IHistoryRule
{
    public string Name => "read after completion";

    public IEnumerable<string> Violations(RunEvidence run) => run.Jobs.SelectMany(job => Leases(job).Concat(Reads(job)));

    private static IEnumerable<string> Leases(JobEvidence job) =>
        from leases in job.Leases
        let inputs = Inputs(job.Plan, leases.Key).ToArray()
        from lease in leases
        from input in inputs
        where !IsComplete(job, input, lease.At)
        select $"{job.Job} {leases.Key} was leased before segment {input.Segment} had completed step {input.Step}";

    private static IEnumerable<string> Reads(JobEvidence job) =>
        from read in job.Reads
        let place = BlendNote.PlaceOf(read.Entry.Task)
        where !IsComplete(job, place, read.At)
        select $"{read.Entry.Actor} read step {place.Step} of segment {place.Segment} of {job.Job} before it was complete";

    private static bool IsComplete(JobEvidence job, SegmentLatents place, long at) => job.CompletedAt(place) <= at;

    private static IEnumerable<SegmentLatents> Inputs(TaskPlan plan, TaskId task) => task.Kind switch
    {
        TaskKind.DenoiseWindow when task.Step > 0 =>
            plan.Segments.SegmentsOf(task.Step, task.Index).Select(segment => new SegmentLatents(segment, task.Step - 1)),
        TaskKind.DecodeChunk => Decoded(plan, task.Index),
        _ => [],
    };

    private static IEnumerable<SegmentLatents> Decoded(TaskPlan plan, int chunk)
    {
        var segments = plan.SegmentsOfDecodeChunk(chunk);
        return Enumerable.Range(segments.Start, segments.Length).Select(segment => new SegmentLatents(segment, plan.Shape.StepCount - 1));
    }
}
