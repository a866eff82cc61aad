using System.Collections.Immutable;
using HunyuanPortrait.Core.Dispatch;
using HunyuanPortrait.Core.Jobs;
using static HunyuanPortrait.Core.Tests.Dispatch.Workload;

namespace HunyuanPortrait.Core.Tests.Dispatch;

/// <summary>Who is next.</summary>
public sealed class DispatchOrderTests
{
    [Fact]
    public void Lease_OneJob_GoesByStepThenWindow()
    {
        var queue = Queue();
        queue.Add(Job("j"), 2, step: 1);
        queue.Add(Job("j"), 2, step: 0);
        var leased = Enumerable.Range(0, 4).Select(_ => queue.Lease(Worker("w"), At(0))!.Task.Task);
        Assert.Equal([.. Tasks(2), .. Tasks(2, 1)], leased.ToArray());
    }

    [Fact]
    public void Lease_EqualJobs_OldestFirst()
    {
        var queue = Queue();
        queue.Add(Job("young", submitted: 9), 1);
        queue.Add(Job("old", submitted: 1), 1);
        Assert.Equal(["old", "young"], queue.NextJobs(2));
    }

    [Fact]
    public void Lease_HigherPriority_OvertakesOlderJobsOfTheTenant()
    {
        var queue = Queue();
        queue.Add(Job("old"), 5);
        queue.Add(Job("urgent", priority: 1, submitted: 9), 2);
        Assert.Equal(["urgent", "urgent", "old"], queue.NextJobs(3));
    }

    [Fact]
    public void Lease_HighPriorityOfAnotherTenant_TakesNoMoreThanItsShare()
    {
        var queue = Queue();
        queue.Add(Job("plain", "a"), 8);
        queue.Add(Job("urgent", "b", priority: 10), 8);
        Assert.Equal(4, queue.NextJobs(8).Count(job => job == "urgent"));
    }

    [Fact]
    public void Enqueue_AnotherPriority_ReordersTheJob()
    {
        var queue = Queue();
        queue.Add(Job("one"), 2);
        queue.Add(Job("two", submitted: 1), 2);
        queue.Enqueue(Job("two", priority: 3, submitted: 1), Model, [], At(0));
        Assert.Equal(["two", "two", "one"], queue.NextJobs(3));
    }

    [Theory, InlineData(1, 1, 50), InlineData(3, 1, 75), InlineData(1, 4, 20)]
    public void Lease_WeightedTenants_DividesByWeight(double weightA, double weightB, int expectedA)
    {
        var queue = Queue();
        queue.SetShare("a", new TenantShare(weightA));
        queue.SetShare("b", new TenantShare(weightB));
        queue.Add(Job("one", "a"), 100);
        queue.Add(Job("two", "b"), 100);
        Assert.Equal(expectedA, queue.NextJobs(100).Count(job => job == "one"), 1.0);
    }

    [Fact]
    public void Lease_TenantsWithTasksOfDifferentLengths_DividesDeviceTime()
    {
        var queue = Queue();
        queue.Enqueue(Job("long", "a"), Model, Tasks(300), At(0));
        queue.Enqueue(Job("short", "b"), Model, Enumerable.Range(0, 300).Select(chunk => TaskId.Of(TaskKind.DecodeChunk, chunk)), At(0));
        var worker = Worker("w") with { Kinds = ImmutableHashSet.Create(TaskKind.DenoiseWindow, TaskKind.DecodeChunk) };
        var now = 0.0;
        var busy = new Dictionary<string, double> { ["long"] = 0, ["short"] = 0 };
        for (var i = 0; i < 250; i++)
        {
            var lease = queue.Lease(worker, At(now))!;
            var seconds = lease.Task.JobId == "long" ? 6 : 1;
            busy[lease.Task.JobId] += seconds;
            queue.Complete(lease.Number, lease.Task, At(now += seconds));
        }

        Assert.InRange(busy["long"] / busy["short"], 0.9, 1.1);
    }

    [Fact]
    public void Lease_TasksThatTakeNoTime_AreStillSharedOut()
    {
        var queue = Queue();
        queue.Add(Job("one", "a"), 50);
        queue.Add(Job("two", "b"), 50);
        var leased = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            var lease = queue.Lease(Worker("w"), At(0))!;
            leased.Add(lease.Task.JobId);
            queue.Complete(lease.Number, lease.Task, At(0));
        }

        Assert.Equal(20, leased.Count(job => job == "two"), 1.0);
    }

    [Theory, InlineData(0, 1), InlineData(-1, 1), InlineData(double.NaN, 1), InlineData(double.PositiveInfinity, 1), InlineData(1, 0)]
    public void SetShare_OutOfRange_Throws(double weight, int limit) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Queue().SetShare("a", new TenantShare(weight, limit)));

    [Fact]
    public void Lease_TenantAtItsLimit_LetsOthersPass()
    {
        var queue = Queue();
        queue.SetShare("a", new TenantShare(100, MaximumConcurrentTasks: 2));
        queue.Add(Job("limited", "a"), 9);
        queue.Add(Job("other", "b"), 2);
        var first = queue.Lease(Worker("w"), At(0))!;
        Assert.Equal("limited", first.Task.JobId);
        Assert.Equal(["limited", "other", "other", null], queue.NextJobs(4).Order(StringComparer.Ordinal).OrderBy(job => job is null));
        queue.Complete(first.Number, first.Task, At(1));
        Assert.Equal("limited", queue.NextJob(1));
    }

    [Fact]
    public void Lease_IdleTenant_IsOwedNothingForThePast()
    {
        var queue = Queue();
        queue.Add(Job("busy", "a"), 200);
        queue.NextJobs(100);
        queue.Add(Job("late", "b"), 50);
        Assert.InRange(queue.NextJobs(20).Count(job => job == "late"), 9, 11);
    }

    [Fact]
    public void Lease_OtherKindOrModel_IsNotForThisWorker()
    {
        var queue = Queue();
        queue.Enqueue(Job("decode"), Model, [TaskId.Of(TaskKind.DecodeChunk)], At(0));
        queue.Enqueue(Job("other"), "other model", Tasks(1), At(0));
        queue.Enqueue(Job("any", submitted: 1), null, Tasks(1), At(0));
        Assert.Equal("any", queue.NextJob());
        Assert.Null(queue.NextJob());
    }

    [Fact]
    public void Lease_WarmJob_IsPreferredButTheOldestIsNotPassedOverForEver()
    {
        var queue = Queue(new DispatchOptions { AffinityRun = 3 });
        queue.Add(Job("old"), 10);
        queue.Add(Job("warm", submitted: 1), 10);
        Assert.Equal(["warm", "warm", "warm", "old", "warm", "warm", "warm", "old"], queue.NextJobs(8, 0, "warm"));
    }

    [Fact]
    public void Lease_WarmJobOfLowerPriority_IsNotPreferred()
    {
        var queue = Queue();
        queue.Add(Job("urgent", priority: 1), 1);
        queue.Add(Job("warm"), 1);
        Assert.Equal(["urgent", "warm"], queue.NextJobs(2, 0, "warm"));
    }

    [Fact]
    public void Lease_WarmForOneTenant_OnlyDecidesBetweenEqualTurns()
    {
        var queue = Queue();
        queue.Add(Job("one", "a"), 50);
        queue.Add(Job("two", "b"), 50);
        Assert.Equal("two", queue.NextJob(0, "two"));
        Assert.Equal(20, queue.NextJobs(39, 0, "two").Count(job => job == "one"));
    }

    [Fact]
    public void Lease_LowPriorityUnderAStreamOfHigherOnes_IsServedAfterPatience()
    {
        var queue = Queue(new DispatchOptions { Patience = TimeSpan.FromSeconds(100), ReliefInterval = 4 });
        queue.Add(Job("low", priority: -1), 5);
        queue.Add(Job("high", submitted: 1), 1000);
        Assert.DoesNotContain("low", queue.NextJobs(50, 99));
        Assert.InRange(queue.NextJobs(8, 150).Count(job => job == "low"), 1, 2);
    }
}
