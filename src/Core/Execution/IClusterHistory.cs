using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Core.Execution;

/// <summary>What happened to a task or a segment.</summary>
public enum HistoryKind
{
    /// <summary>An owner opened a lease.</summary>
    Lease,

    /// <summary>A worker began to compute.</summary>
    Begin,

    /// <summary>A worker has stored a result.</summary>
    Complete,

    /// <summary>An owner took a result.</summary>
    Accept,

    /// <summary>An owner refused a result.</summary>
    Refuse,

    /// <summary>A worker read the latents of a segment.</summary>
    Read,

    /// <summary>A segment is blended; the windows are in the detail.</summary>
    Blend,

    /// <summary>A segment's step became visible: its latents are stored.</summary>
    Publish,

    /// <summary>A job ended.</summary>
    End,
}

/// <summary>One line of a history.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Job">To which job.</param>
/// <param name="Task">To which task; for segments: step and segment.</param>
/// <param name="Epoch">Under which lease; 0 for none.</param>
/// <param name="Actor">Who says so.</param>
/// <param name="Detail">What else there is to say.</param>
public sealed record HistoryEntry(HistoryKind Kind, string Job, TaskId Task, long Epoch, string Actor, string? Detail = null);

/// <summary>Takes notes for a checker. Must not fail and must be quick. Thread-safe.</summary>
public interface IClusterHistory
{
    /// <summary>Notes what happened.</summary>
    void Note(HistoryEntry entry);
}

/// <summary>Nobody takes notes.</summary>
public sealed class NoHistory : IClusterHistory
{
    /// <inheritdoc/>
    public void Note(HistoryEntry entry)
    {
    }
}
