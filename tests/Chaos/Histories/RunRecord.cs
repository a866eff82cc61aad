using System.Collections.Immutable;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Storage.Histories;

namespace HunyuanPortrait.Chaos.Histories;

/// <summary>One line of the history, and who wrote it.</summary>
/// <param name="Process">Whose file it is in.</param>
/// <param name="At">On the machine's monotonic clock.</param>
/// <param name="Entry">What happened.</param>
internal sealed record ProcessNote(string Process, long At, HistoryEntry Entry);

/// <summary>Something that was done to the cluster, from outside.</summary>
/// <param name="What">For the report.</param>
/// <param name="From">On the machine's monotonic clock.</param>
/// <param name="Until">When its effects on leases ended: tasks leased in between may be lost, too.</param>
internal sealed record Disturbance(string What, long From, long Until)
{
    /// <summary>Tasks that can be lost by it at most; null where only what is in hand limits it.</summary>
    public int? Slots { get; init; }

    /// <summary>
    /// The process that it stopped for a while or for ever. What such a process did last may have been durable before it was noted: that note is late
    /// or missing.
    /// </summary>
    public string? Process { get; init; }

    /// <summary>What went wrong with doing it; null: nothing.</summary>
    public string? Failure { get; init; }
}

/// <summary>What is known of a run after it has ended.</summary>
internal sealed record RunRecord(
    ImmutableArray<ProcessNote> Notes, ImmutableDictionary<string, TaskPlan> Jobs, ImmutableArray<Disturbance> Disturbances)
{
    /// <summary>Reads what the processes of a run have written, in the order of time.</summary>
    public static ImmutableArray<ProcessNote> ReadNotes(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*" + HistoryFile.Extension)
            .Order(StringComparer.Ordinal)
            .SelectMany(path => HistoryFile.Read(path).Select(line => new ProcessNote(Path.GetFileNameWithoutExtension(path), line.At, line.Entry)))
            .OrderBy(note => note.At),
    ];
}
