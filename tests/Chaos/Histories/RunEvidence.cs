using System.Collections.Immutable;
using HunyuanPortrait.Core.Execution;

namespace HunyuanPortrait.Chaos.Histories;

/// <summary>A run's record, sorted for questions.</summary>
internal sealed class RunEvidence
{
    public RunEvidence(RunRecord record)
    {
        Disturbances = record.Disturbances;
        var disturbed = record.Disturbances.Where(each => each.Process is not null).Select(each => each.Process!).ToHashSet(StringComparer.Ordinal);
        var planned = record.Notes.ToLookup(note => IsPlanned(record, note));
        Unplanned = [.. planned[false]];
        var byJob = planned[true].ToLookup(note => note.Entry.Job);
        Jobs = [.. record.Jobs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new JobEvidence(pair.Key, pair.Value, [.. byJob[pair.Key]], disturbed))];
    }

    public ImmutableArray<JobEvidence> Jobs { get; }

    public ImmutableArray<Disturbance> Disturbances { get; }

    /// <summary>What belongs to no job of the run, or to no task of its job.</summary>
    public ImmutableArray<ProcessNote> Unplanned { get; }

    // A segment is noted as the window of its number: every step has as many of either.
    private static bool IsPlanned(RunRecord record, ProcessNote note) =>
        record.Jobs.TryGetValue(note.Entry.Job, out var plan) && (note.Entry.Kind == HistoryKind.End || plan.Contains(note.Entry.Task));
}
