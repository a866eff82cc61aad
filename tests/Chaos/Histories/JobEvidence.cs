using System.Collections.Immutable;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Core.Segments;

namespace HunyuanPortrait.Chaos.Histories;

/// <summary>What is known of one job.</summary>
internal sealed class JobEvidence
{
    private readonly IReadOnlySet<string> disturbed;
    private readonly ILookup<SegmentLatents, ProcessNote> publishes;
    private readonly Dictionary<TaskId, long> accepted;

    public JobEvidence(string job, TaskPlan plan, ImmutableArray<ProcessNote> notes, IReadOnlySet<string> disturbed)
    {
        (Job, Plan, this.disturbed) = (job, plan, disturbed);
        var byKind = notes.ToLookup(note => note.Entry.Kind);

        // A question for a task that has its result is noted as a lease without an epoch.
        Leases = byKind[HistoryKind.Lease].Where(note => note.Entry.Epoch != 0).ToLookup(note => note.Entry.Task);
        Accepts = byKind[HistoryKind.Accept].ToLookup(note => note.Entry.Task);
        Begins = byKind[HistoryKind.Begin].ToLookup(note => note.Entry.Task);
        Completes = byKind[HistoryKind.Complete].ToLookup(note => note.Entry.Task);
        Blends = byKind[HistoryKind.Blend].Select(note => new BlendNote(note)).ToLookup(blend => blend.Place);
        publishes = byKind[HistoryKind.Publish].ToLookup(note => BlendNote.PlaceOf(note.Entry.Task));
        Reads = [.. byKind[HistoryKind.Read]];
        Ends = [.. byKind[HistoryKind.End]];
        accepted = Blends.SelectMany(places => places).SelectMany(blend => blend.Parts.Select(part => (blend.Note.At, Task: TaskId.Denoise(blend.Place.Step, part.Window))))
            .Concat(Accepts.SelectMany(tasks => tasks).Select(note => (note.At, note.Entry.Task)))
            .GroupBy(each => each.Task).ToDictionary(group => group.Key, group => group.Min(each => each.At));
    }

    public string Job { get; }

    public TaskPlan Plan { get; }

    /// <summary>Leases that were opened.</summary>
    public ILookup<TaskId, ProcessNote> Leases { get; }

    public ILookup<TaskId, ProcessNote> Accepts { get; }

    /// <summary>Workers at their first move.</summary>
    public ILookup<TaskId, ProcessNote> Begins { get; }

    public ILookup<TaskId, ProcessNote> Completes { get; }

    public ILookup<SegmentLatents, BlendNote> Blends { get; }

    public ImmutableArray<ProcessNote> Reads { get; }

    public ImmutableArray<ProcessNote> Ends { get; }

    public IEnumerable<SegmentLatents> Places =>
        from step in Enumerable.Range(0, Plan.Shape.StepCount)
        from segment in Enumerable.Range(0, Plan.Segments.SegmentCount)
        select new SegmentLatents(segment, step);

    /// <summary>How often a segment's step was published.</summary>
    public int PublishCount(SegmentLatents place) => publishes[place].Count();

    /// <summary>The newest lease of a task.</summary>
    public ProcessNote? NewestLease(TaskId task) => Leases[task].MaxBy(note => note.Entry.Epoch);

    /// <summary>
    /// The epoch under which a task was accepted. Where the note of it is missing because the owner's process was stopped at that very moment, only the
    /// newest lease can be it.
    /// </summary>
    public long? AcceptedEpoch(TaskId task) => Accepts[task].FirstOrDefault()?.Entry.Epoch ?? LostAcceptance(task)?.Entry.Epoch;

    /// <summary>The lease that must have been accepted although nobody noted it: its owner's process was stopped.</summary>
    public ProcessNote? LostAcceptance(TaskId task) =>
        !Accepts[task].Any() && NewestLease(task) is { } lease && disturbed.Contains(lease.Process) ? lease : null;

    /// <summary>When it was known at the latest that a task had its result; null when nobody knew.</summary>
    public long? AcceptedAt(TaskId task) => accepted.TryGetValue(task, out var at) ? at : null;

    /// <summary>When a segment was through a step; null when it never was. A process that was stopped may have published what it did not note.</summary>
    public long? CompletedAt(SegmentLatents place) => publishes[place].Select(note => note.At)
        .Concat(Blends[place].Where(blend => disturbed.Contains(blend.Note.Process)).Select(blend => blend.Note.At))
        .Cast<long?>().Min();

    /// <summary>The artifact that a task's result under an epoch is.</summary>
    public ArtifactKey ResultKey(TaskId task, long epoch) => ArtifactKeys.Result(Job, task, new LeaseEpoch(epoch));
}
