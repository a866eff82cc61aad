using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Grains.Tasks;

/// <summary>What one grain says to the history.</summary>
/// <param name="history">Takes notes.</param>
/// <param name="job">The job that it works for.</param>
/// <param name="actor">The grain.</param>
internal sealed class OwnerNotes(IClusterHistory history, string job, string actor)
{
    public void Note(HistoryKind kind, TaskId task, long epoch, string? detail = null) =>
        history.Note(new HistoryEntry(kind, job, task, epoch, actor, detail));
}
