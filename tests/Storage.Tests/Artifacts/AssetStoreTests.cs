using System.Security.Cryptography;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Storage.Artifacts;

namespace HunyuanPortrait.Storage.Tests.Artifacts;

public sealed class AssetStoreTests : IAsyncLifetime
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 700_000).Select(index => (byte)(index * 7 + index / 251))];

    private readonly TemporaryFolder folder = new();
    private readonly TemporaryFolder uploads = new();
    private LocalArtifactStore? store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private AssetStore Assets => new(store!, uploads.Path);

    public async ValueTask InitializeAsync() => store = await LocalArtifactStore.OpenAsync(folder.Path, "assets");

    [Fact]
    public async Task Put_AnyContent_IsNamedByItsHash()
    {
        var asset = await Assets.PutAsync(new MemoryStream(Content), Cancellation);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Content)), asset.Sha256);
        Assert.Equal(Content, await File.ReadAllBytesAsync(folder.File($"assets/sha256/{asset.Sha256[..2]}/{asset.Sha256}"), Cancellation));
        Assert.Empty(uploads.Entries);
    }

    [Fact]
    public async Task Put_SameContentAtTheSameTime_IsStoredOnce()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Assets.PutAsync(new MemoryStream(Content), Cancellation), Cancellation)));
        var id = Assert.Single(ids.Distinct());
        var info = Assert.Single(await store!.ListAsync(cancellationToken: Cancellation).ToArrayAsync(Cancellation));
        Assert.Equal(id.Key, info.Key);
    }

    [Fact]
    public async Task Put_UploadBreaksOff_StoresNothing()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => Assets.PutAsync(new BrokenStream(), Cancellation));
        Assert.Empty(await store!.ListAsync(cancellationToken: Cancellation).ToArrayAsync(Cancellation));
        Assert.Empty(uploads.Entries);
    }

    [Fact]
    public async Task Open_StoredAsset_ReadsItsContent()
    {
        var asset = await Assets.PutAsync(new MemoryStream(Content), Cancellation);
        await using var stream = await Assets.OpenAsync(asset, Cancellation);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Cancellation);
        Assert.Equal(Content, copy.ToArray());
        await Assets.VerifyAsync(asset, Cancellation);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(350_000)]
    [InlineData(699_999)]
    public async Task Open_OneByteChanged_IsRefused(int position)
    {
        var asset = await Assets.PutAsync(new MemoryStream(Content), Cancellation);
        await using (var file = File.OpenWrite(folder.File(asset.Key.Value)))
        {
            file.Position = position;
            file.WriteByte((byte)~Content[position]);
        }

        Assert.Equal("HP4201", (await Refusals.OfAsync(() => Assets.VerifyAsync(asset, Cancellation))).Code);
        using var stream = await Assets.OpenAsync(asset, Cancellation);
        var refusal = Assert.Throws<RenderException>(() => stream.CopyTo(Stream.Null));
        Assert.Equal("HP4201", refusal.Code);
        Assert.Contains(asset.Sha256, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_Truncated_IsRefused()
    {
        var asset = await Assets.PutAsync(new MemoryStream(Content), Cancellation);
        await using (var file = File.OpenWrite(folder.File(asset.Key.Value)))
            file.SetLength(Content.Length - 1);
        Assert.Equal("HP4201", (await Refusals.OfAsync(() => Assets.VerifyAsync(asset, Cancellation))).Code);
    }

    [Fact]
    public async Task Open_UnknownAsset_IsRefused()
    {
        var unknown = AssetId.Of(SHA256.HashData([1]));
        Assert.Equal("HP4202", (await Refusals.OfAsync(() => Assets.OpenAsync(unknown, Cancellation))).Code);
    }

    [Fact]
    public async Task ReadVerified_WrongHash_IsRefused()
    {
        var key = ArtifactKey.Parse("jobs/a/latents");
        await store!.CreateAsync(key, new byte[] { 1, 2 }, Cancellation);
        var right = await store!.ReadVerifiedAsync(key, Convert.ToHexStringLower(SHA256.HashData([1, 2])), Cancellation);
        Assert.Equal([1, 2], right!.Value.ToArray());
        Assert.Equal("HP4201", (await Refusals.OfAsync(() => store!.ReadVerifiedAsync(key, new string('0', 64), Cancellation))).Code);
        Assert.Null(await store!.ReadVerifiedAsync(ArtifactKey.Parse("jobs/b"), new string('0', 64), Cancellation));
    }

    public ValueTask DisposeAsync()
    {
        store?.Dispose();
        folder.Dispose();
        uploads.Dispose();
        return ValueTask.CompletedTask;
    }
}
