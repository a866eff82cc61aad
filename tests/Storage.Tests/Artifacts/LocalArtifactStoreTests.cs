using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Storage.Artifacts;

namespace HunyuanPortrait.Storage.Tests.Artifacts;

public sealed class LocalArtifactStoreTests : IDisposable
{
    private const string Cluster = "tests";

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_Always_IsAFileUnderItsKey()
    {
        using var store = await OpenAsync(folder);
        await store.CreateAsync(ArtifactKey.Parse("jobs/7f/result.mp4"), new byte[] { 1, 2 }, Cancellation);
        Assert.Equal([1, 2], await File.ReadAllBytesAsync(folder.File("jobs/7f/result.mp4"), Cancellation));
    }

    [Fact]
    public async Task Open_SameClusterTwice_IsOneStore()
    {
        using var first = await OpenAsync(folder);
        using var second = await OpenAsync(folder);
        await first.CreateAsync(ArtifactKey.Parse("a"), new byte[] { 1 }, Cancellation);
        Assert.Equal(CreateOutcome.Exists, await second.CreateAsync(ArtifactKey.Parse("a"), new byte[] { 2 }, Cancellation));
    }

    [Fact]
    public async Task Open_AnotherCluster_IsRefusedWhileTheFirstIsOpen()
    {
        using (await OpenAsync(folder))
            Assert.Equal("HP4203", (await Refusals.OfAsync(() => LocalArtifactStore.OpenAsync(folder.Path, "others", Cancellation))).Code);
        using var store = await LocalArtifactStore.OpenAsync(folder.Path, "others", Cancellation);
        Assert.Single(Directory.GetDirectories(folder.File(".store/processes")));
    }

    [Fact]
    public async Task Open_UnderAFile_IsRefused()
    {
        await File.WriteAllTextAsync(folder.File("file"), "", Cancellation);
        var refusal = await Refusals.OfAsync(() => LocalArtifactStore.OpenAsync(folder.File("file/store"), Cluster, Cancellation));
        Assert.Equal("HP4002", refusal.Code);
    }

    [Fact]
    public async Task Keys_ArtifactAndFolder_AreRefused()
    {
        using var store = await OpenAsync(folder);
        await store.CreateAsync(ArtifactKey.Parse("a/b"), new byte[] { 1 }, Cancellation);
        Assert.Equal("HP4205", (await Refusals.OfAsync(() => store.CreateAsync(ArtifactKey.Parse("a/b/c/d"), new byte[] { 1 }, Cancellation))).Code);
        Assert.Equal("HP4205", (await Refusals.OfAsync(() => store.ReplaceAsync(ArtifactKey.Parse("a"), new byte[] { 1 }, null, Cancellation))).Code);
        Assert.Null(await store.ReadAsync(ArtifactKey.Parse("a"), Cancellation));
        Assert.Null(await store.OpenReadAsync(ArtifactKey.Parse("a/b/c"), Cancellation));
        Assert.Equal(DeleteOutcome.Missing, await store.DeleteAsync(ArtifactKey.Parse("a"), cancellationToken: Cancellation));
        Assert.Empty(Partials(folder));
    }

    [Fact]
    public async Task Delete_LastOfAFolder_RemovesTheEmptyFolders()
    {
        using var store = await OpenAsync(folder);
        await store.CreateAsync(ArtifactKey.Parse("a/b/c"), new byte[] { 1 }, Cancellation);
        await store.CreateAsync(ArtifactKey.Parse("a/d"), new byte[] { 1 }, Cancellation);
        await store.DeleteAsync(ArtifactKey.Parse("a/b/c"), cancellationToken: Cancellation);
        Assert.False(Directory.Exists(folder.File("a/b")));
        Assert.True(File.Exists(folder.File("a/d")));
    }

    [Fact]
    public async Task Create_WhileTheFolderIsRemoved_MakesItAgain()
    {
        using var store = await OpenAsync(folder);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(racer => Task.Run(async () =>
        {
            var key = ArtifactKey.Of("busy", "folder") / racer;
            for (var round = 0; round < 10; round++)
            {
                Assert.Equal(CreateOutcome.Created, await store.CreateAsync(key, new byte[] { 1 }, Cancellation));
                Assert.Equal(DeleteOutcome.Deleted, await store.DeleteAsync(key, cancellationToken: Cancellation));
            }
        }, Cancellation)));
        Assert.Empty(await store.ListAsync(cancellationToken: Cancellation).ToArrayAsync(Cancellation));
    }

    [Fact]
    public async Task List_ForeignFiles_AreNotListed()
    {
        using var store = await OpenAsync(folder);
        await File.WriteAllTextAsync(folder.File("not a key"), "", Cancellation);
        await store.CreateAsync(ArtifactKey.Parse("key"), new byte[] { 1 }, Cancellation);
        Assert.Equal(["key"], await store.ListAsync(cancellationToken: Cancellation).Select(info => info.Key.Value).ToArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Create_SourceFails_PassesTheFailureAndLeavesNothing()
    {
        using var store = await OpenAsync(folder);
        await Assert.ThrowsAsync<InvalidDataException>(() => store.CreateAsync(ArtifactKey.Parse("a"), new BrokenStream(), Cancellation));
        Assert.Empty(Partials(folder));
    }

    [Fact]
    public async Task Write_DiskFull_IsRefusedAndLeavesNothing()
    {
        using var small = TemporaryFolder.WithSize("1m");
        using var store = await OpenAsync(small);
        var first = await store.ReplaceAsync(ArtifactKey.Parse("record"), new byte[] { 1 }, null, Cancellation);
        var tooMuch = new byte[4 << 20];
        foreach (var write in new Func<Task>[]
        {
            () => store.CreateAsync(ArtifactKey.Parse("a"), tooMuch, Cancellation),
            () => store.ReplaceAsync(ArtifactKey.Parse("record"), tooMuch, first.ETag, Cancellation),
        })
        {
            var refusal = await Refusals.OfAsync(write);
            Assert.Equal("HP4001", refusal.Code);
            Assert.True(refusal.IsTransient);
        }

        Assert.Empty(Partials(small));
        Assert.Equal([1], (await store.ReadAsync(ArtifactKey.Parse("record"), Cancellation))!.Content.ToArray());
        Assert.Equal(CreateOutcome.Created, await store.CreateAsync(ArtifactKey.Parse("a"), new byte[] { 1 }, Cancellation));
    }

    [Fact]
    public async Task Open_ReadOnlyFileSystem_IsRefused()
    {
        using var small = TemporaryFolder.WithSize("1m");
        small.MakeReadOnly();
        Assert.Equal("HP4002", (await Refusals.OfAsync(() => OpenAsync(small))).Code);
    }

    [Fact]
    public async Task Write_OwnFolderIsGone_IsRefused()
    {
        using var store = await OpenAsync(folder);
        Directory.Delete(folder.File(".store"), recursive: true);
        Assert.Equal("HP4002", (await Refusals.OfAsync(() => store.CreateAsync(ArtifactKey.Parse("a"), new byte[] { 1 }, Cancellation))).Code);
        Assert.Equal("HP4002", (await Refusals.OfAsync(() => store.DeleteAsync(ArtifactKey.Parse("a"), cancellationToken: Cancellation))).Code);
        Assert.False(File.Exists(folder.File("a")));
    }

    public void Dispose() => folder.Dispose();

    private static Task<LocalArtifactStore> OpenAsync(TemporaryFolder folder) => LocalArtifactStore.OpenAsync(folder.Path, Cluster, Cancellation);

    private static IEnumerable<string> Partials(TemporaryFolder folder) =>
        Directory.EnumerateFiles(folder.File(".store/processes"), "*.partial", SearchOption.AllDirectories);
}
