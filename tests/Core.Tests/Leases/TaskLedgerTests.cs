using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;

namespace HunyuanPortrait.Core.Tests.Leases;

public sealed class TaskLedgerTests
{
    private static readonly TaskId Window = TaskId.Denoise(3, 17);
    private static readonly TaskResult Result = new("jobs/j/windows/3/17/1-1", new string('a', 64));

    [Fact]
    public void Open_TwiceForATask_OnlyTheNewestIsValid()
    {
        var (first, opened) = TaskLedger.Restore(LedgerSnapshot.Empty).Open(Window);
        var (second, ledger) = opened.Open(Window);
        Assert.True(first < second);
        Assert.Equal(AcceptAnswer.Stale, ledger.Accept(Window, first!.Value, Result).Answer);
        Assert.Equal(AcceptAnswer.Accepted, ledger.Accept(Window, second!.Value, Result).Answer);
    }

    [Fact]
    public void Accept_Repeated_IsADuplicateAndKeepsTheFirstResult()
    {
        var (epoch, ledger) = TaskLedger.Restore(LedgerSnapshot.Empty).Open(Window);
        ledger = ledger.Accept(Window, epoch!.Value, Result).Next;
        var (answer, after) = ledger.Accept(Window, epoch.Value, Result with { Key = "another" });
        Assert.Equal(AcceptAnswer.Duplicate, answer);
        Assert.Equal(Result, after.Snapshot.Accepted[Window]);
        Assert.Equal(new LedgerCounts(1, 1, 1, 0), after.Counts);
        Assert.Null(after.Open(Window).Epoch);
    }

    [Fact]
    public void Accept_NeverLeased_IsStale()
    {
        var (answer, ledger) = TaskLedger.Restore(LedgerSnapshot.Empty).Accept(Window, LeaseEpoch.Of(1, 1), Result);
        Assert.Equal((AcceptAnswer.Stale, 1), (answer, ledger.Counts.Stale));
    }

    [Fact]
    public void Accept_EpochOfAnotherTask_IsStale()
    {
        var (epoch, ledger) = TaskLedger.Restore(LedgerSnapshot.Empty).Open(Window);
        Assert.Equal(AcceptAnswer.Stale, ledger.Open(TaskId.Denoise(3, 18)).Next.Accept(TaskId.Denoise(3, 18), epoch!.Value, Result).Answer);
    }

    [Fact]
    public void Restore_AfterACrash_MakesOldLeasesStaleAndKeepsResults()
    {
        var (accepted, ledger) = TaskLedger.Restore(LedgerSnapshot.Empty).Open(Window);
        ledger = ledger.Accept(Window, accepted!.Value, Result).Next;
        var (open, leased) = ledger.Open(TaskId.Denoise(3, 18));
        var restored = TaskLedger.Restore(leased.Snapshot);
        Assert.Equal(AcceptAnswer.Stale, restored.Accept(TaskId.Denoise(3, 18), open!.Value, Result).Answer);
        Assert.Equal(AcceptAnswer.Duplicate, restored.Accept(Window, accepted.Value, Result).Answer);
        Assert.True(restored.Open(TaskId.Denoise(3, 18)).Epoch > open);
    }

    [Fact]
    public void Close_CompleteSteps_ForgetsResultsButNotThatTheyWereAccepted()
    {
        var (epoch, ledger) = TaskLedger.Restore(LedgerSnapshot.Empty).Open(Window);
        ledger = ledger.Accept(Window, epoch!.Value, Result).Next.Close(4);
        Assert.Empty(ledger.Snapshot.Accepted);
        Assert.True(ledger.HasAccepted(Window));
        Assert.Equal(AcceptAnswer.Duplicate, ledger.Accept(Window, epoch.Value, Result).Answer);
        Assert.Same(ledger, ledger.Close(2));
        Assert.NotNull(ledger.Open(TaskId.Denoise(4, 17)).Epoch);
    }

    [Fact]
    public void Accept_WriteThatFailed_LeavesTheOldLedgerInForce()
    {
        var (epoch, ledger) = TaskLedger.Restore(LedgerSnapshot.Empty).Open(Window);
        Assert.Equal(AcceptAnswer.Accepted, ledger.Accept(Window, epoch!.Value, Result).Answer);
        Assert.Equal(AcceptAnswer.Accepted, ledger.Accept(Window, epoch.Value, Result).Answer);
    }

    [Theory, InlineData(1, 1u), InlineData(7, uint.MaxValue), InlineData(int.MaxValue, 1u)]
    public void Epoch_Parts_SurviveTheTrip(int incarnation, uint counter)
    {
        var epoch = new LeaseEpoch(LeaseEpoch.Of(incarnation, counter).Value);
        Assert.Equal((incarnation, counter, $"{incarnation}-{counter}"), (epoch.Incarnation, epoch.Counter, epoch.ToString()));
        Assert.True(epoch > LeaseEpoch.Of(incarnation - 1, uint.MaxValue));
    }
}
