using System.Collections.Immutable;
using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Core.Leases;

/// <summary>
/// How an owner leases its tasks and takes their results: exactly one result a task, and only under the task's newest lease. The only rule for
/// retries and acceptance in the system.
/// </summary>
/// <remarks>
/// An immutable value. An owner decides on the next value, persists its <see cref="Snapshot"/>, takes it into use, and then answers; a write that
/// fails so leaves the old value in force. Two changes must be persisted: <see cref="Restore"/> before the first lease is opened, and a result that
/// was <see cref="AcceptAnswer.Accepted"/> before the worker hears of it. Leases are forgotten at a restart on purpose: whatever they bring is stale.
/// </remarks>
public sealed record TaskLedger
{
    private readonly ImmutableDictionary<TaskId, LeaseEpoch> newest = ImmutableDictionary<TaskId, LeaseEpoch>.Empty;
    private readonly uint counter;

    private TaskLedger(LedgerSnapshot snapshot) => Snapshot = snapshot;

    /// <summary>What has to be persisted.</summary>
    public LedgerSnapshot Snapshot { get; private init; }

    /// <summary>What has been counted since the activation.</summary>
    public LedgerCounts Counts { get; private init; }

    /// <summary>A new activation's ledger: the stored one with the next incarnation.</summary>
    public static TaskLedger Restore(LedgerSnapshot stored) => new(stored with { Incarnation = checked(stored.Incarnation + 1) });

    /// <summary>Whether the task has its result.</summary>
    public bool HasAccepted(TaskId task) => task.Step < Snapshot.ClosedSteps || Snapshot.Accepted.ContainsKey(task);

    /// <summary>Opens a lease; the task's older leases are stale from now on.</summary>
    /// <returns>The lease's epoch, null when the task has its result already; and the ledger from now on.</returns>
    public (LeaseEpoch? Epoch, TaskLedger Next) Open(TaskId task)
    {
        if (HasAccepted(task))
            return (null, this);
        var epoch = LeaseEpoch.Of(Snapshot.Incarnation, checked(counter + 1));
        var next = new TaskLedger(this, newest.SetItem(task, epoch), epoch.Counter);
        return (epoch, next with { Counts = Counts with { Opened = Counts.Opened + 1 } });
    }

    /// <summary>Judges a result.</summary>
    /// <param name="task">Whose result it is.</param>
    /// <param name="epoch">Of the lease under which it was computed.</param>
    /// <param name="result">Where it is.</param>
    /// <returns>The answer, and the ledger from now on.</returns>
    public (AcceptAnswer Answer, TaskLedger Next) Accept(TaskId task, LeaseEpoch epoch, TaskResult result)
    {
        if (HasAccepted(task))
            return (AcceptAnswer.Duplicate, this with { Counts = Counts with { Duplicates = Counts.Duplicates + 1 } });
        if (!newest.TryGetValue(task, out var valid) || valid != epoch)
            return (AcceptAnswer.Stale, this with { Counts = Counts with { Stale = Counts.Stale + 1 } });
        var next = new TaskLedger(this, newest.Remove(task), counter)
        {
            Snapshot = Snapshot with { Accepted = Snapshot.Accepted.Add(task, result) },
            Counts = Counts with { Accepted = Counts.Accepted + 1 },
        };
        return (AcceptAnswer.Accepted, next);
    }

    /// <summary>Ends all open leases: whatever they bring is stale.</summary>
    public TaskLedger Revoke() => newest.IsEmpty ? this : new TaskLedger(this, newest.Clear(), counter);

    /// <summary>Forgets the results of complete steps. Their tasks stay accepted.</summary>
    /// <param name="steps">Every task of the steps below this one has been accepted; fewer than before changes nothing.</param>
    public TaskLedger Close(int steps)
    {
        if (steps <= Snapshot.ClosedSteps)
            return this;
        var open = Snapshot.Accepted.RemoveRange(Snapshot.Accepted.Keys.Where(task => task.Step < steps));
        var next = new TaskLedger(this, newest.RemoveRange(newest.Keys.Where(task => task.Step < steps)), counter);
        return next with { Snapshot = Snapshot with { ClosedSteps = steps, Accepted = open } };
    }

    private TaskLedger(TaskLedger before, ImmutableDictionary<TaskId, LeaseEpoch> newest, uint counter)
    {
        Snapshot = before.Snapshot;
        Counts = before.Counts;
        this.newest = newest;
        this.counter = counter;
    }
}
