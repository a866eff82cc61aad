using CsCheck;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;

namespace HunyuanPortrait.Core.Tests.Leases;

/// <summary>An owner, its store and careless workers against the plainest model: which epoch was opened last, and who was accepted.</summary>
public sealed class TaskLedgerModelTests
{
    private const int Tasks = 4;

    private static readonly Gen<(int Action, int Task, int Lease)[]> Interleavings =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, Tasks - 1], Gen.Int[0, 30]).Array[0, 80];

    [Fact]
    public void Ledger_AnyInterleavingWithRestarts_AcceptsOnceAndOnlyUnderTheNewestEpoch() => Interleavings.Sample(actions =>
    {
        var owner = new Owner();
        foreach (var (action, task, lease) in actions)
        {
            switch (action)
            {
                case < 4:
                    owner.Open(TaskId.Denoise(0, task));
                    break;
                case < 8:
                    owner.Accept(lease, writeFails: action == 7);
                    break;
                default:
                    owner.Restart();
                    break;
            }
        }

        owner.FinishAll();
        Assert.Equal(Tasks, owner.Accepted.Count);
    }, iter: 1000);

    private sealed class Owner
    {
        private readonly List<(TaskId Task, LeaseEpoch Epoch)> leases = [];
        private readonly Dictionary<TaskId, LeaseEpoch> newest = [];
        private LedgerSnapshot stored;
        private TaskLedger ledger;

        public Owner()
        {
            ledger = TaskLedger.Restore(LedgerSnapshot.Empty);
            stored = ledger.Snapshot;
        }

        public Dictionary<TaskId, LeaseEpoch> Accepted { get; } = [];

        public void Open(TaskId task)
        {
            (var epoch, ledger) = ledger.Open(task);
            Assert.Equal(Accepted.ContainsKey(task), epoch is null);
            if (epoch is not { } opened)
                return;
            Assert.All(leases, lease => Assert.True(lease.Epoch < opened, "epochs must grow"));
            leases.Add((task, opened));
            newest[task] = opened;
        }

        // A worker may come back with any lease that it ever had, as often as it likes.
        public void Accept(int index, bool writeFails = false)
        {
            if (leases.Count == 0)
                return;
            var (task, epoch) = leases[index % leases.Count];
            var (answer, next) = ledger.Accept(task, epoch, new TaskResult($"{task}/{epoch}", "00"));
            var expected = Accepted.ContainsKey(task) ? AcceptAnswer.Duplicate
                : newest.TryGetValue(task, out var valid) && valid == epoch ? AcceptAnswer.Accepted
                : AcceptAnswer.Stale;
            Assert.Equal(expected, answer);
            if (answer == AcceptAnswer.Accepted && writeFails)
                return;
            ledger = next;
            if (answer != AcceptAnswer.Accepted)
                return;
            stored = ledger.Snapshot;
            Accepted.Add(task, epoch);
        }

        public void Restart()
        {
            ledger = TaskLedger.Restore(stored);
            stored = ledger.Snapshot;
            newest.Clear();
        }

        public void FinishAll()
        {
            for (var task = 0; task < Tasks; task++)
            {
                Open(TaskId.Denoise(0, task));
                if (!Accepted.ContainsKey(TaskId.Denoise(0, task)))
                    Accept(leases.Count - 1);
            }

            Assert.Equal(Accepted.Keys.Order(), stored.Accepted.Keys.Order());
            Assert.All(Accepted, each => Assert.Equal($"{each.Key}/{each.Value}", stored.Accepted[each.Key].Key));
        }
    }
}
