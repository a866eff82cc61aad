using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Grains.Interfaces.Tasks;

namespace HunyuanPortrait.Grains.Tasks;

/// <summary>Writes a ledger to where it is durable, in the version that was read or written last.</summary>
/// <param name="next">What is to be in force.</param>
/// <param name="accepted">The delivery that it was changed for; null before the first lease of an activation.</param>
/// <param name="cancellationToken">Cancels what has not happened yet.</param>
internal delegate Task WriteLedger(LedgerState next, TaskDelivery? accepted, CancellationToken cancellationToken);

/// <summary>
/// The owner protocol (ADR 0009) over one ledger and its durable record: the incarnation is stored before the first lease, a result before its answer.
/// Used from one grain's turns only.
/// </summary>
/// <param name="stored">As it was read at the activation.</param>
/// <param name="write">Stores it. What it refuses is not in force.</param>
/// <param name="notes">Takes notes.</param>
internal sealed class OwnedTasks(LedgerState stored, WriteLedger write, OwnerNotes notes)
{
    private TaskLedger ledger = TaskLedger.Restore(stored.ToSnapshot());
    private bool isIncarnated;

    /// <summary>Results that have been accepted.</summary>
    public IReadOnlyDictionary<TaskId, TaskResult> Accepted => ledger.Snapshot.Accepted;

    /// <summary>What has been counted since the activation.</summary>
    public LedgerCounts Counts => ledger.Counts;

    /// <summary>Opens a lease; null when the task has its result.</summary>
    public async Task<LeaseEpoch?> OpenAsync(TaskId task, CancellationToken cancellationToken)
    {
        if (!isIncarnated)
            await WriteAsync(ledger, null, cancellationToken);
        (var epoch, ledger) = ledger.Open(task);
        notes.Note(HistoryKind.Lease, task, epoch?.Value ?? 0);
        return epoch;
    }

    /// <summary>Judges a result; what is accepted is durable when this returns.</summary>
    public async Task<AcceptAnswer> AcceptAsync(TaskDelivery delivery, CancellationToken cancellationToken)
    {
        var task = delivery.Task.ToId();
        var (answer, next) = ledger.Accept(task, new LeaseEpoch(delivery.Epoch), delivery.Result());
        if (answer == AcceptAnswer.Accepted)
            await WriteAsync(next, delivery, cancellationToken);
        ledger = next;
        notes.Note(answer == AcceptAnswer.Accepted ? HistoryKind.Accept : HistoryKind.Refuse, task, delivery.Epoch, $"{delivery.Worker} {answer}");
        return answer;
    }

    /// <summary>Ends all open leases: whatever they bring is stale.</summary>
    public void Revoke() => ledger = ledger.Revoke();

    private async Task WriteAsync(TaskLedger next, TaskDelivery? accepted, CancellationToken cancellationToken)
    {
        await write(LedgerState.From(next.Snapshot), accepted, cancellationToken);
        isIncarnated = true;
    }
}
