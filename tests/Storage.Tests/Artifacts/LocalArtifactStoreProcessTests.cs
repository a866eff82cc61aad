using System.Security.Cryptography;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Storage.Artifacts;
using HunyuanPortrait.Storage.Files;

namespace HunyuanPortrait.Storage.Tests.Artifacts;

/// <summary>Several processes on one directory, and processes that are killed.</summary>
public sealed class LocalArtifactStoreProcessTests : IDisposable
{
    private const string Cluster = "racers";

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_ThreeProcesses_EveryKeyHasOneWinner()
    {
        const int Count = 100;
        var won = await RacerProcess.RaceAsync(3, ["create", folder.Path, "raced", $"{Count}"], Cancellation);
        Assert.Equal(Enumerable.Range(0, Count).Select(index => $"{index}").Order(), won.Order());
    }

    [Fact]
    public async Task Replace_ThreeProcessesCounting_LosesNoCount()
    {
        const int Times = 30;
        await RacerProcess.RaceAsync(3, ["increment", folder.Path, "counters/one", $"{Times}"], Cancellation);
        using var store = await LocalArtifactStore.OpenAsync(folder.Path, Cluster, Cancellation);
        Assert.Equal(3 * Times, await Counter.ReadAsync(store, ArtifactKey.Parse("counters/one"), Cancellation));
    }

    // The numbers of rounds after which the two are killed; between two rounds both are somewhere in the middle of writing.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    [InlineData(7, 3)]
    public async Task Kill_WhileWriting_LeavesWholeContentsAndNoLock(int firstRounds, int secondRounds)
    {
        using (var first = RacerProcess.Start("churn", folder.Path))
        using (var second = RacerProcess.Start("churn", folder.Path))
        {
            await first.SkipLinesAsync(firstRounds, Cancellation);
            first.Kill();
            await second.SkipLinesAsync(secondRounds, Cancellation);
        }

        using var store = await LocalArtifactStore.OpenAsync(folder.Path, Cluster, Cancellation);
        await AssertWholeAsync(store);
        Assert.Single(Directory.GetDirectories(Path.Combine(folder.Path, ".store", "processes")));
        var record = await store.ReadAsync(ArtifactKey.Parse("churn/record"), Cancellation);
        Assert.True((await store.ReplaceAsync(ArtifactKey.Parse("churn/record"), new byte[] { 1 }, record!.ETag, Cancellation)).Replaced);
    }

    [Fact]
    public async Task Kill_HolderOfALock_FreesIt()
    {
        var path = folder.File("lock");
        using var holder = RacerProcess.Start("lock", path);
        await holder.SkipLinesAsync(1, Cancellation);
        Assert.Null(FileLock.TryTake(path));
        holder.Kill();
        using var taken = FileLock.TryTake(path);
        Assert.NotNull(taken);
    }

    [Fact]
    public async Task Open_AnotherClusterLives_IsRefusedUntilItIsDead()
    {
        using var holder = RacerProcess.Start("hold", folder.Path, "one");
        await holder.SkipLinesAsync(1, Cancellation);
        var refusal = await Refusals.OfAsync(() => LocalArtifactStore.OpenAsync(folder.Path, "two", Cancellation));
        Assert.Equal("HP4203", refusal.Code);
        Assert.Contains("'one'", refusal.Message, StringComparison.Ordinal);
        using (await LocalArtifactStore.OpenAsync(folder.Path, "one", Cancellation))
        {
        }

        holder.Kill();
        using var store = await LocalArtifactStore.OpenAsync(folder.Path, "two", Cancellation);
        Assert.Empty(await store.ListAsync(cancellationToken: Cancellation).ToArrayAsync(Cancellation));
    }

    private static async Task AssertWholeAsync(LocalArtifactStore store)
    {
        var artifacts = await store.ListAsync(ArtifactKey.Parse("churn/artifacts"), Cancellation).ToArrayAsync(Cancellation);
        Assert.NotEmpty(artifacts);
        foreach (var info in artifacts)
        {
            await using var stream = await store.OpenReadAsync(info.Key, Cancellation);
            Assert.EndsWith(Convert.ToHexStringLower(await SHA256.HashDataAsync(stream!, Cancellation)), info.Key.Value, StringComparison.Ordinal);
        }

        var record = await store.ReadAsync(ArtifactKey.Parse("churn/record"), Cancellation);
        Assert.Single(record!.Content.ToArray().Distinct());
    }

    public void Dispose() => folder.Dispose();
}
