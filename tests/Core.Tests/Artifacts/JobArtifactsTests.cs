using HunyuanPortrait.Core.Artifacts;

namespace HunyuanPortrait.Core.Tests.Artifacts;

public sealed class JobArtifactsTests
{
    private static readonly DateTimeOffset End = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryArtifactStore store = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(60, 59, false)]
    [InlineData(60, 60, true)]
    [InlineData(0, 0, true)]
    [InlineData(0, -1, false)]
    public void IsOver_SomeTimeAfterTheEnd_DependsOnWhatIsPromised(int keptSeconds, int seconds, bool over) =>
        Assert.Equal(over, Retention("job", keptSeconds).IsOver(End.AddSeconds(seconds)));

    [Theory]
    [InlineData(9, false, false)]
    [InlineData(10, false, true)]
    [InlineData(10, true, false)]
    public void MayTrim_SomeTimeAfterTheEnd_WaitsForTheGraceAndHappensOnce(int seconds, bool isTrimmed, bool may) =>
        Assert.Equal(may, (Retention("job", 60) with { IsTrimmed = isTrimmed }).MayTrim(End.AddSeconds(seconds)));

    [Fact]
    public async Task Trim_JobThatEnded_KeepsWhatWasPromisedAndNothingElse()
    {
        await CreateAsync("jobs/a=2F1/specification", "jobs/a=2F1/windows/0/1/1-1", "jobs/a=2F1/Mux/0/1-1", "jobs/a=2F10/windows/0");
        await JobArtifacts.MarkEndedAsync(store, Retention("a/1", 60, "jobs/a=2F1/specification", "jobs/a=2F1/Mux/0/1-1"), Cancellation);
        Assert.Equal(1, await JobArtifacts.TrimAsync(store, await OnlyMarkAsync(), Cancellation));
        Assert.True((await OnlyMarkAsync()).Retention.IsTrimmed);
        Assert.Equal(["jobs/a=2F1/Mux/0/1-1", "jobs/a=2F1/specification", "jobs/a=2F10/windows/0"], await KeysAsync("jobs"));
    }

    [Fact]
    public async Task Remove_JobOverItsRetention_RemovesItsFolderOnly()
    {
        await CreateAsync("jobs/old/result.mp4", "jobs/older/result.mp4");
        await JobArtifacts.MarkEndedAsync(store, Retention("old", 60), Cancellation);
        Assert.Equal(1, await JobArtifacts.RemoveAsync(store, "old", Cancellation));
        await JobArtifacts.UnmarkAsync(store, await OnlyMarkAsync(), Cancellation);
        Assert.Equal(["jobs/older/result.mp4"], await KeysAsync("jobs"));
        Assert.Empty(await KeysAsync("retention"));
    }

    [Fact]
    public async Task MarkEnded_Again_ChangesNothing()
    {
        await JobArtifacts.MarkEndedAsync(store, Retention("job", 60), Cancellation);
        await JobArtifacts.MarkEndedAsync(store, Retention("job", 0), Cancellation);
        Assert.Equal(TimeSpan.FromSeconds(60), (await OnlyMarkAsync()).Retention.KeepFor);
    }

    [Fact]
    public async Task MarkEnded_LaterJobOfTheSameName_ReplacesTheMarkAndSurvivesTheOldOnesRemoval()
    {
        await JobArtifacts.MarkEndedAsync(store, Retention("job", 60), Cancellation);
        var old = await OnlyMarkAsync();
        await JobArtifacts.MarkEndedAsync(store, Retention("job", 60) with { EndedAt = End.AddDays(9) }, Cancellation);
        await JobArtifacts.UnmarkAsync(store, old, Cancellation);
        Assert.Equal(End.AddDays(9), (await OnlyMarkAsync()).Retention.EndedAt);
    }

    private static JobRetention Retention(string job, int keptSeconds, params string[] kept) =>
        new(job, End, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(keptSeconds), kept);

    private async Task<RetentionMark> OnlyMarkAsync() => await JobArtifacts.EndedAsync(store, Cancellation).SingleAsync(Cancellation);

    private async Task CreateAsync(params string[] keys)
    {
        foreach (var key in keys)
            await store.CreateAsync(ArtifactKey.Parse(key), new byte[] { 1 }, Cancellation);
    }

    private async Task<string[]> KeysAsync(string folder) =>
        await store.ListAsync(ArtifactKey.Parse(folder), Cancellation).Select(info => info.Key.Value).ToArrayAsync(Cancellation);
}
