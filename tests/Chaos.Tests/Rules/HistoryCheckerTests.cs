using HunyuanPortrait.Chaos.Histories;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Chaos.Tests.Rules;

/// <summary>A right history is proven, and a history with one thing wrong breaks the one rule that is about it.</summary>
public sealed class HistoryCheckerTests
{
    private const string OnlyPlanned = "only planned work";
    private const string AcceptedOnce = "accepted exactly once";
    private const string NewestLease = "nothing under an old epoch";
    private const string Blended = "blended from the plan's windows";
    private const string Published = "published once";
    private const string ReadLate = "read after completion";
    private const string Ended = "every job ended";
    private const string Recomputed = "recomputed at most what was in hand";

    private static readonly TaskId Window = TaskId.Denoise(1, 2);
    private static readonly TaskId Last = TaskId.Of(TaskKind.Mux);

    private readonly HistoryScript script = new();

    [Fact]
    public void History_NothingHappened_IsProven() => Assert.Empty(script.BrokenRules());

    [Fact]
    public void Accept_Twice_IsNotOnce() => AssertBreaks(AcceptedOnce, script.AddAfter(HistoryKind.Accept, Window, note => note));

    [Fact]
    public void Accept_Missing_IsNotOnce() => AssertBreaks(AcceptedOnce, script.Remove(HistoryKind.Accept, Window));

    [Fact]
    public void Accept_OneNoteLostByAStop_IsProven() =>
        Assert.Empty(script.Remove(HistoryKind.Accept, Window).Disturb(KillOfControl()).BrokenRules());

    [Fact]
    public void Accept_TwoNotesOfOneOwnerLostByAStop_IsNotOnce() => AssertBreaks(
        AcceptedOnce,
        script.Remove(HistoryKind.Accept, TaskId.Of(TaskKind.DecodeChunk)).Remove(HistoryKind.Accept, TaskId.Of(TaskKind.DecodeChunk, 1)).Disturb(KillOfControl()));

    [Fact]
    public void Accept_UnderAnEpochThatNobodyLeased_IsOld()
    {
        var epoch = HistoryScript.Epoch(1, 7);
        script.Change(HistoryKind.Complete, Last, note => note with { Entry = note.Entry with { Epoch = epoch } });
        AssertBreaks(NewestLease, script.Change(HistoryKind.Accept, Last, note => note with { Entry = note.Entry with { Epoch = epoch } }));
    }

    // The second lease is somebody's work lost at a kill; what breaks the rule is that the first one's result was still taken.
    [Fact]
    public void Accept_AfterANewerLease_IsOld() => AssertBreaks(NewestLease, script
        .AddAfter(HistoryKind.Lease, Window, note => note with { Entry = note.Entry with { Epoch = HistoryScript.Epoch(2, 1) } })
        .Disturb(KillOfGpuAt(HistoryKind.Lease, Window)));

    [Fact]
    public void Accept_BeforeAnybodyCompleted_IsRefused() =>
        AssertBreaks(NewestLease, script.MoveBefore((HistoryKind.Accept, Window), (HistoryKind.Complete, Window)));

    [Fact]
    public void Lease_SameEpochTwice_IsRefused() =>
        AssertBreaks(NewestLease, script.AddAfter(HistoryKind.Lease, Window, note => note).Disturb(KillOfGpuAt(HistoryKind.Lease, Window)));

    [Fact]
    public void Blend_Missing_IsNotThePlans()
    {
        // It is published all the same, so that only the blend is missing.
        script.Remove(HistoryKind.Blend, TaskId.Denoise(2, 1));
        AssertBreaks(Blended, script);
    }

    [Fact]
    public void Blend_OneWindowTooFew_IsNotThePlans() => AssertBreaks(Blended, ChangeParts(parts => parts[1..]));

    [Fact]
    public void Blend_OneWindowTooMany_IsNotThePlans() => AssertBreaks(Blended, ChangeParts(parts => [.. parts, "3=" + parts[0].Split('=')[1]]));

    [Fact]
    public void Blend_OtherOrder_IsNotThePlans() => AssertBreaks(Blended, ChangeParts(parts => [.. parts.Reverse()]));

    [Fact]
    public void Blend_ResultThatWasNotAccepted_IsNotThePlans() =>
        AssertBreaks(Blended, ChangeParts(parts => [.. parts.Select(part => part.Replace(".1-1", ".1-2", StringComparison.Ordinal))]));

    [Fact]
    public void Blend_AgainFromTheSame_IsProven() => Assert.Empty(script.AddAfter(HistoryKind.Blend, Window, note => note).BrokenRules());

    [Fact]
    public void Publish_Twice_IsNotOnce() => AssertBreaks(Published, script.AddAfter(HistoryKind.Publish, Window, note => note));

    // Somebody reads every step, so whoever reads this one breaks a rule too.
    [Fact]
    public void Publish_Missing_IsNotOnce() =>
        Assert.Equal([Published, ReadLate], script.Remove(HistoryKind.Publish, Window).BrokenRules());

    [Fact]
    public void Publish_NoteLostByAStop_IsProven() => Assert.Empty(script.Remove(HistoryKind.Publish, Window).Disturb(KillOfControl()).BrokenRules());

    [Fact]
    public void Lease_BeforeWhatItReadsIsComplete_IsEarly() =>
        AssertBreaks(ReadLate, script.MoveBefore((HistoryKind.Lease, TaskId.Denoise(2, 1)), (HistoryKind.Publish, TaskId.Denoise(1, 1))));

    [Fact]
    public void Lease_OfADecodeChunkBeforeTheLastStep_IsEarly() => AssertBreaks(
        ReadLate, script.MoveBefore((HistoryKind.Lease, TaskId.Of(TaskKind.DecodeChunk)), (HistoryKind.Publish, TaskId.Denoise(2, 0))));

    [Fact]
    public void Read_BeforeItIsComplete_IsEarly() => AssertBreaks(ReadLate, script.AddAfter(HistoryKind.Blend, Window, Read));

    [Fact]
    public void Read_AfterItIsComplete_IsProven() => Assert.Empty(script.AddAfter(HistoryKind.Publish, Window, Read).BrokenRules());

    [Fact]
    public void End_Missing_IsNoEnd() => AssertBreaks(Ended, script.Remove(HistoryKind.End, default));

    [Fact]
    public void End_OtherThanSuccess_IsNoEnd() => AssertBreaks(
        Ended, script.Change(HistoryKind.End, default, note => note with { Entry = note.Entry with { Detail = nameof(JobState.Failed) } }));

    [Fact]
    public void Begin_AgainWithoutADisturbance_IsRecomputed() => AssertBreaks(Recomputed, LeasedTwice());

    [Fact]
    public void Lease_AgainThatNoWorkerGot_IsProven() => Assert.Empty(LeasedTwice().Remove(HistoryKind.Begin, Window).BrokenRules());

    [Fact]
    public void Begin_AgainAfterAKill_IsProven() => Assert.Empty(LeasedTwice().Disturb(KillOfGpuAt(HistoryKind.Lease, Window)).BrokenRules());

    [Fact]
    public void Begin_AgainAfterADisturbanceThatCameLater_IsRecomputed() =>
        AssertBreaks(Recomputed, LeasedTwice().Disturb(KillOfGpuAt(HistoryKind.End, default)));

    [Fact]
    public void Begin_AgainMoreTasksThanTheDeviceHadSlots_IsRecomputed()
    {
        LeasedTwice().AddAfter(HistoryKind.Begin, Window, note => note with { Entry = note.Entry with { Epoch = 2 } });
        AssertBreaks(Recomputed, script.Disturb(KillOfGpuAt(HistoryKind.Lease, Window) with { Until = long.MaxValue }));
    }

    [Fact]
    public void Lease_OfATaskOutsideThePlan_IsNotPlanned() => AssertBreaks(
        OnlyPlanned, script.AddAfter(HistoryKind.End, default, note => note with { Entry = new HistoryEntry(HistoryKind.Lease, HistoryScript.Job, TaskId.Denoise(3, 0), 1, "x") }));

    [Fact]
    public void Lease_OfAnUnknownJob_IsNotPlanned() =>
        AssertBreaks(OnlyPlanned, script.AddAfter(HistoryKind.Lease, Window, note => note with { Entry = note.Entry with { Job = "other" } }));

    private static void AssertBreaks(string rule, HistoryScript script) => Assert.Equal([rule], script.BrokenRules());

    private static Disturbance KillOfControl() => new("kill control", 0, 0) { Process = HistoryScript.Control };

    // A device with one slot, killed right after a note.
    private Disturbance KillOfGpuAt(HistoryKind kind, TaskId task)
    {
        var at = script.Notes[script.Find(kind, task)].At;
        return new Disturbance("kill gpu", at, at) { Process = HistoryScript.Gpu, Slots = 1 };
    }

    /// <summary>The window's first lease is lost with the work that was begun, and nothing of it is ever seen again.</summary>
    private HistoryScript LeasedTwice() => script
        .AddAfter(HistoryKind.Lease, Window, OfLostLease)
        .AddAfter(HistoryKind.Lease, Window, note => OfLostLease(note) with { Process = HistoryScript.Gpu, Entry = OfLostLease(note).Entry with { Kind = HistoryKind.Begin } });

    private static ProcessNote OfLostLease(ProcessNote note) => note with { Entry = note.Entry with { Epoch = HistoryScript.Epoch(1, 0) } };

    private HistoryScript ChangeParts(Func<string[], string[]> change) => script.Change(
        HistoryKind.Blend, TaskId.Denoise(1, 0),
        note => note with { Entry = note.Entry with { Detail = string.Join(' ', change(note.Entry.Detail!.Split(' '))) } });

    private static ProcessNote Read(ProcessNote note) =>
        new(HistoryScript.Gpu, note.At, new HistoryEntry(HistoryKind.Read, HistoryScript.Job, note.Entry.Task, 0, "gpu"));
}
