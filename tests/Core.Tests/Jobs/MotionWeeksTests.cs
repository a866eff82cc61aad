using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;

namespace HunyuanPortrait.Core.Tests.Jobs;

public sealed class MotionWeeksTests
{
    private static readonly DateTimeOffset Submitted = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset EndOfWeek = new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(7);

    private readonly MemoryArtifactStore store = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2026-11-29T23:59:59Z", "motion/2026-W48")]
    [InlineData("2026-11-30T00:59:59+01:00", "motion/2026-W48")]
    [InlineData("2026-11-30T00:00:00Z", "motion/2026-W49")]
    [InlineData("2027-01-01T12:00:00Z", "motion/2026-W53")]
    public void Of_AnyMoment_IsItsIsoWeekInUniversalTime(string moment, string week) =>
        Assert.Equal(week, MotionWeeks.Of(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture)).Value);

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 2)]
    public async Task Sweep_WeekOfNobody_GoesWhenTheRetentionHasPassedSinceItsEnd(int seconds, int removed)
    {
        await CreateAsync("motion/2026-W48/one/track", "motion/2026-W48/one/tokens/0");
        Assert.Equal(removed, await MotionWeeks.SweepAsync(store, KeepFor, EndOfWeek + KeepFor + TimeSpan.FromSeconds(seconds), Cancellation));
    }

    [Fact]
    public async Task Sweep_WithoutAnyRetention_WaitsLongerThanClocksDiffer()
    {
        await CreateAsync("motion/2026-W48/one/track");
        Assert.Equal(0, await MotionWeeks.SweepAsync(store, TimeSpan.Zero, EndOfWeek.AddHours(23), Cancellation));
        Assert.Equal(1, await MotionWeeks.SweepAsync(store, TimeSpan.Zero, EndOfWeek.AddHours(24), Cancellation));
    }

    [Fact]
    public async Task Sweep_WeekThatAJobNames_StaysUntilTheJobIsForgotten()
    {
        await CreateAsync("motion/2026-W48/one/track", "motion/2026-W48/two/track", "motion/2026-W47/three/track", "active/running");
        await PrepareAsync("running", "motion/2026-W48/one");
        Assert.Equal(1, await SweepLateAsync());
        Assert.Equal(["motion/2026-W48/one/track", "motion/2026-W48/two/track"], await KeysAsync());

        await JobArtifacts.MarkEndedAsync(store, new JobRetention("running", Submitted, TimeSpan.Zero, KeepFor, []), Cancellation);
        await store.DeleteAsync(ArtifactKeys.Active("running"), cancellationToken: Cancellation);
        Assert.Equal(0, await SweepLateAsync());

        await foreach (var mark in JobArtifacts.EndedAsync(store, Cancellation))
            await JobArtifacts.UnmarkAsync(store, mark, Cancellation);
        Assert.Equal(2, await SweepLateAsync());
    }

    [Fact]
    public async Task Sweep_JobThatHasNotBeenPrepared_KeepsEverything()
    {
        await CreateAsync("motion/2026-W48/one/track", "active/waiting");
        Assert.Equal(0, await SweepLateAsync());
    }

    private Task<int> SweepLateAsync() => MotionWeeks.SweepAsync(store, KeepFor, EndOfWeek.AddDays(300), Cancellation);

    private async Task CreateAsync(params string[] keys)
    {
        foreach (var key in keys)
            await store.CreateAsync(ArtifactKey.Parse(key), new byte[] { 1 }, Cancellation);
    }

    private Task<CreateOutcome> PrepareAsync(string job, string motion) =>
        store.CreateAsync(ArtifactKeys.Preparation(job), JobDocuments.Write(new Preparation(1, "class", "conditioning", motion)), Cancellation);

    private async Task<string[]> KeysAsync() =>
        await store.ListAsync(ArtifactKey.Parse("motion"), Cancellation).Select(info => info.Key.Value).ToArrayAsync(Cancellation);
}
