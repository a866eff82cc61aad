using HunyuanPortrait.Core.Dispatch;
using HunyuanPortrait.Core.Jobs;
using static HunyuanPortrait.Core.Tests.Dispatch.Workload;

namespace HunyuanPortrait.Core.Tests.Dispatch;

/// <summary>What becomes of leases.</summary>
public sealed class DispatchLeaseTests
{
    [Fact]
    public void Enqueue_KnownTask_IsIgnored()
    {
        var queue = Queue();
        queue.Add(Job("j"), 2);
        queue.NextJob();
        Assert.Equal(1, queue.Enqueue(Job("j"), Model, Tasks(3), At(0)));
        Assert.Equal(["j", "j"], queue.NextJobs(2));
        Assert.Null(queue.NextJob());
    }

    [Fact]
    public void Enqueue_JobOfAnotherTenant_Throws()
    {
        var queue = Queue();
        queue.Add(Job("j", "a"), 1);
        Assert.Throws<ArgumentException>(() => queue.Add(Job("j", "b"), 1));
    }

    [Fact]
    public void Expire_LeaseThatWasNotRenewed_MakesTheTaskReadyAgain()
    {
        var queue = Queue();
        queue.Add(Job("j"), 1);
        var lease = queue.Lease(Worker("w"), At(0))!;
        Assert.Equal(At(30), queue.NextDeadline);
        Assert.Equal(At(50), queue.Renew(lease.Number, At(20)));
        Assert.Empty(queue.Expire(At(49)));
        Assert.Equal(lease.Number, Assert.Single(queue.Expire(At(50))).Number);
        Assert.Null(queue.Renew(lease.Number, At(51)));
        Assert.Equal(2, queue.Lease(Worker("v"), At(51))!.Attempt);
    }

    [Fact]
    public void Complete_AfterTheLeaseExpired_StillRemovesTheTask()
    {
        var queue = Queue();
        queue.Add(Job("j"), 1);
        var lease = queue.Lease(Worker("w"), At(0))!;
        queue.Expire(At(40));
        Assert.True(queue.Complete(lease.Number, lease.Task, At(41)));
        Assert.False(queue.Complete(lease.Number, lease.Task, At(42)));
        Assert.Null(queue.NextJob(42));
        Assert.Null(queue.ExpectedTime(Denoise));
    }

    [Fact]
    public void HandBack_OpenLease_MakesTheTaskReadyAndCostsTheTenantNothing()
    {
        var queue = Queue();
        queue.Add(Job("one", "a"), 50);
        queue.Add(Job("two", "b"), 50);
        for (var i = 0; i < 10; i++)
        {
            var lease = queue.Lease(Worker("w", "one"), At(0))!;
            Assert.Equal("one", lease.Task.JobId);
            Assert.True(queue.HandBack(lease.Number, At(0)));
            Assert.False(queue.HandBack(lease.Number, At(0)));
        }

        Assert.Equal(10, queue.NextJobs(20).Count(job => job == "one"));
    }

    [Fact]
    public void Drop_CancelledJob_EndsItsLeasesAndLeavesNothing()
    {
        var queue = Queue();
        queue.Add(Job("j"), 3);
        queue.Add(Job("k", submitted: 1), 1);
        var lease = queue.Lease(Worker("w"), At(0))!;
        Assert.Equal([lease], queue.Drop("j"));
        Assert.Null(queue.Renew(lease.Number, At(1)));
        Assert.Equal(["k", null], queue.NextJobs(2));
        Assert.Empty(queue.Drop("j"));
    }

    [Fact]
    public void Pause_Job_KeepsWhatIsLeasedAndLeasesNoMore()
    {
        var queue = Queue();
        queue.Add(Job("j"), 3);
        var lease = queue.Lease(Worker("w"), At(0))!;
        queue.Pause("j");
        queue.Add(Job("j"), 4);
        Assert.Null(queue.NextJob());
        Assert.NotNull(queue.Renew(lease.Number, At(1)));
        queue.HandBack(lease.Number, At(1));
        Assert.Null(queue.NextJob(1));
        queue.Resume("j", At(2));
        Assert.Equal(["j", "j", "j", "j", null], queue.NextJobs(5, 2));
    }

    [Fact]
    public void Pause_BeforeTheFirstTask_Holds()
    {
        var queue = Queue();
        queue.Pause("j");
        queue.Add(Job("j"), 1);
        Assert.Null(queue.NextJob());
        queue.Resume("j", At(0));
        Assert.Equal("j", queue.NextJob());
    }

    [Fact]
    public void Remove_ReadyOrLeasedTask_IsGone()
    {
        var queue = Queue();
        queue.Add(Job("j"), 2);
        var lease = queue.Lease(Worker("w"), At(0))!;
        Assert.True(queue.Remove(lease.Task));
        Assert.True(queue.Remove(new JobTask("j", TaskId.Denoise(0, 1))));
        Assert.Null(queue.Renew(lease.Number, At(0)));
        Assert.Null(queue.NextJob());
    }

    [Fact]
    public void Lease_Straggler_IsHelpedOnceByAnotherWorkerWhenNothingElseWaits()
    {
        var queue = Stragglers();
        queue.Add(Job("slow", submitted: 1), 1, at: 10);
        var slow = queue.Lease(Worker("w"), At(10))!;
        Assert.Null(queue.Lease(Worker("v"), At(12.9)));
        Assert.Null(queue.Lease(Worker("w"), At(13.1)));
        var help = queue.Lease(Worker("v"), At(13.1))!;
        Assert.Equal((slow.Task, slow.Number), (help.Task, help.Helps));
        Assert.Null(queue.Lease(Worker("u"), At(20)));
        Assert.True(queue.Complete(help.Number, help.Task, At(21)));
        Assert.Null(queue.Renew(slow.Number, At(21)));
        Assert.Null(queue.NextDeadline);
    }

    [Fact]
    public void Expire_OneOfTwoLeases_KeepsTheTaskLeased()
    {
        var queue = Stragglers();
        queue.Add(Job("slow", submitted: 1), 1, at: 10);
        var slow = queue.Lease(Worker("w"), At(10))!;
        var help = queue.Lease(Worker("v"), At(20))!;
        Assert.Equal([slow.Number], queue.Expire(At(41)).Select(lease => lease.Number));
        Assert.NotNull(queue.Renew(help.Number, At(41)));
        Assert.Single(queue.Backlog(At(41)), lane => lane is { Ready: 0, Leased: 1 });
    }

    [Fact]
    public void Backlog_Always_CountsByLane()
    {
        var queue = Queue();
        queue.Add(Job("j"), 3, at: 5);
        queue.Enqueue(Job("j"), null, [TaskId.Of(TaskKind.Mux)], At(7));
        queue.Add(Job("held"), 2);
        queue.Pause("held");
        queue.Lease(Worker("w"), At(8));
        Assert.Equal(
            [new LaneBacklog(Denoise, 2, 1, At(5)), new LaneBacklog(new DispatchLane(TaskKind.Mux, null), 1, 0, At(3))],
            queue.Backlog(At(10)));
    }

    // A queue that has learned that a window takes one second.
    private static DispatchQueue Stragglers()
    {
        var queue = Queue(new DispatchOptions { Stragglers = new StragglerOptions(Factor: 3, MinimumSamples: 4) });
        queue.Add(Job("quick"), 4);
        for (var i = 0; i < 4; i++)
        {
            var lease = queue.Lease(Worker("w"), At(i))!;
            queue.Complete(lease.Number, lease.Task, At(i + 1));
        }

        Assert.Equal(At(1), queue.ExpectedTime(Denoise));
        return queue;
    }
}
