using HunyuanPortrait.Core.Artifacts;

namespace HunyuanPortrait.Core.Tests.Artifacts;

public sealed class JobArtifactsTests
{
    private static readonly DateTimeOffset End = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly MemoryArtifactStore store = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(3600, 3599, false)]
    [InlineData(3600, 3600, true)]
    [InlineData(3600, 9000, true)]
    [InlineData(0, -1, false)]
    public void IsOver_SecondsAfterTheEnd_ComparesWithTheRetention(int keptSeconds, int seconds, bool over) =>
        Assert.Equal(over, new JobRetention(End, TimeSpan.FromSeconds(keptSeconds)).IsOver(End.AddSeconds(seconds)));

    [Fact]
    public async Task RemoveExpired_JobOverItsRetention_RemovesItsFolderOnly()
    {
        foreach (var job in new[] { "old", "old/er", "young", "running" })
            await store.CreateAsync(JobArtifacts.FolderOf(job) / "result.mp4", new byte[] { 1 }, Cancellation);
        await store.CreateAsync(AssetId.Parse(new string('a', 64)).Key, new byte[] { 1 }, Cancellation);
        await JobArtifacts.MarkEndedAsync(store, "old", new JobRetention(End, TimeSpan.FromHours(1)), Cancellation);
        await JobArtifacts.MarkEndedAsync(store, "old/er", new JobRetention(End, TimeSpan.Zero), Cancellation);
        await JobArtifacts.MarkEndedAsync(store, "young", new JobRetention(End, TimeSpan.FromHours(2)), Cancellation);

        var removed = await JobArtifacts.RemoveExpiredAsync(store, End.AddHours(1), Cancellation);

        Assert.Equal([JobArtifacts.FolderOf("old"), JobArtifacts.FolderOf("old/er")], removed);
        Assert.Equal(
            [$"assets/sha256/aa/{new string('a', 64)}", "jobs/running/result.mp4", "jobs/young/result.mp4", "retention/young"],
            await store.ListAsync(cancellationToken: Cancellation).Select(info => info.Key.Value).ToArrayAsync(Cancellation));
        Assert.Empty(await JobArtifacts.RemoveExpiredAsync(store, End.AddHours(1), Cancellation));
    }

    [Fact]
    public async Task MarkEnded_Again_KeepsTheFirst()
    {
        await JobArtifacts.MarkEndedAsync(store, "job", new JobRetention(End, TimeSpan.FromHours(1)), Cancellation);
        await JobArtifacts.MarkEndedAsync(store, "job", new JobRetention(End, TimeSpan.Zero), Cancellation);
        Assert.Empty(await JobArtifacts.RemoveExpiredAsync(store, End, Cancellation));
    }
}
