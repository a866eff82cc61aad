using System.Collections.Immutable;
using HunyuanPortrait.Chaos.Histories;
using HunyuanPortrait.Chaos.Rules;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Chaos.Tests.Rules;

/// <summary>A history as a cluster without any trouble writes it, one note a tick, to be spoilt by a test.</summary>
internal sealed class HistoryScript
{
    public const string Job = "studio-first";
    public const string Control = "control-0.1";
    public const string Gpu = "gpu-0.1";

    private readonly List<ProcessNote> notes = [];
    private readonly List<Disturbance> disturbances = [];
    private long now;

    public HistoryScript()
    {
        Each(TaskKind.PreparePortrait, TaskKind.PrepareMotion, TaskKind.EncodeMotion);
        for (var step = 0; step < Plan.Shape.StepCount; step++)
        {
            for (var window = 0; window < Plan.Segments.WindowCount; window++)
                Work(TaskId.Denoise(step, window));
            for (var segment = 0; segment < Plan.Segments.SegmentCount; segment++)
                Blend(new SegmentLatents(segment, step));
        }

        Each(TaskKind.DecodeChunk, TaskKind.EncodePart, TaskKind.Mux);
        Add(Control, new HistoryEntry(HistoryKind.End, Job, default, 0, Job, nameof(JobState.Succeeded)));
    }

    public static TaskPlan Plan { get; } = new(new JobShape(24, 3, new WindowSettings(8, 2, 3), 3, new ChunkLengths(10, 4, 12)));

    public IReadOnlyList<ProcessNote> Notes => notes;

    public static long Epoch(int incarnation, uint counter) => LeaseEpoch.Of(incarnation, counter).Value;

    public int Find(HistoryKind kind, TaskId task) => notes.FindIndex(note => note.Entry.Kind == kind && note.Entry.Task == task);

    public HistoryScript Remove(HistoryKind kind, TaskId task)
    {
        notes.RemoveAt(Find(kind, task));
        return this;
    }

    public HistoryScript Change(HistoryKind kind, TaskId task, Func<ProcessNote, ProcessNote> change)
    {
        notes[Find(kind, task)] = change(notes[Find(kind, task)]);
        return this;
    }

    /// <summary>Puts one more note right behind another, in time too.</summary>
    public HistoryScript AddAfter(HistoryKind kind, TaskId task, Func<ProcessNote, ProcessNote> note)
    {
        var place = Find(kind, task);
        notes.Insert(place + 1, note(notes[place]) with { At = notes[place].At + 1 });
        return this;
    }

    /// <summary>Moves a note to the time right before another one.</summary>
    public HistoryScript MoveBefore((HistoryKind Kind, TaskId Task) moved, (HistoryKind Kind, TaskId Task) other)
    {
        var note = notes[Find(moved.Kind, moved.Task)];
        notes.Remove(note);
        var place = Find(other.Kind, other.Task);
        notes.Insert(place, note with { At = notes[place].At - 1 });
        return this;
    }

    public HistoryScript Disturb(Disturbance disturbance)
    {
        disturbances.Add(disturbance);
        return this;
    }

    public RunRecord Record() => new(
        [.. notes.OrderBy(note => note.At)], ImmutableDictionary.CreateRange([KeyValuePair.Create(Job, Plan)]), [.. disturbances]);

    public IEnumerable<string> BrokenRules() => HistoryChecker.Check(Record()).Select(violation => violation.Rule).Distinct();

    private void Each(params TaskKind[] kinds)
    {
        foreach (var task in kinds.SelectMany(Plan.TasksOf))
            Work(task);
    }

    private void Work(TaskId task)
    {
        var owner = task.Kind == TaskKind.DenoiseWindow ? $"{Job}/{Plan.Segments.HomeOf(task.Step, task.Index)}" : Job;
        var epoch = Epoch(1, 1);
        Add(Control, new HistoryEntry(HistoryKind.Lease, Job, task, epoch, owner));
        Add(Gpu, new HistoryEntry(HistoryKind.Begin, Job, task, epoch, "gpu"));
        Add(Gpu, new HistoryEntry(HistoryKind.Complete, Job, task, epoch, "gpu", ArtifactKeys.Result(Job, task, new LeaseEpoch(epoch)).Value));
        Add(Control, new HistoryEntry(HistoryKind.Accept, Job, task, epoch, owner, "gpu Accepted"));
    }

    private void Blend(SegmentLatents place)
    {
        var task = TaskId.Denoise(place.Step, place.Segment);
        var owner = $"{Job}/{place.Segment}";
        var parts = Plan.Segments.WindowsOf(place.Step, place.Segment)
            .Select(window => $"{window}={ArtifactKeys.Result(Job, TaskId.Denoise(place.Step, window), new LeaseEpoch(Epoch(1, 1)))}");
        Add(Control, new HistoryEntry(HistoryKind.Blend, Job, task, 0, owner, string.Join(' ', parts)));
        Add(Control, new HistoryEntry(HistoryKind.Publish, Job, task, 0, owner));
    }

    // Ticks apart, so that a test can put something in between.
    private void Add(string process, HistoryEntry entry) => notes.Add(new ProcessNote(process, now += 10, entry));
}
