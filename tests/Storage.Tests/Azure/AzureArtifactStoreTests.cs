using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Storage.Azure;

namespace HunyuanPortrait.Storage.Tests.Azure;

public sealed class AzureArtifactStoreTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IAsyncLifetime
{
    private static readonly ArtifactKey Key = ArtifactKey.Parse("jobs/a/record");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        AzuriteFixture.Require();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Open_ContainerMissing_CreatesIt()
    {
        var options = azurite.Options with { Container = "created" };
        var first = await AzureArtifactStore.OpenAsync(options, Cancellation);
        Assert.Equal(CreateOutcome.Created, await first.CreateAsync(Key, new byte[] { 1 }, Cancellation));
        var second = await AzureArtifactStore.OpenAsync(options, Cancellation);
        Assert.NotNull(await second.ReadAsync(Key, Cancellation));
    }

    [Fact]
    public async Task Create_SeveralBlocks_IsOneBlob()
    {
        var store = await AzureArtifactStore.OpenAsync(azurite.Options with { Container = "blocks" }, Cancellation);
        var content = new byte[20 << 20];
        for (var index = 0; index < content.Length; index += 4096)
            content[index] = (byte)(index >> 12);
        Assert.Equal(CreateOutcome.Created, await store.CreateAsync(Key, content, Cancellation));
        Assert.Equal(CreateOutcome.Exists, await store.CreateAsync(Key, content, Cancellation));
        await using var stream = await store.OpenReadAsync(Key, Cancellation);
        using var copy = new MemoryStream();
        await stream!.CopyToAsync(copy, Cancellation);
        Assert.True(content.AsSpan().SequenceEqual(copy.ToArray()));
    }

    [Fact]
    public async Task Create_AnswerLost_IsStillTheCreator()
    {
        using var proxy = new LossyProxy(azurite.Server.Port);
        var store = await OpenThroughAsync(proxy, "lost-create");
        proxy.LoseNextAnswer();
        Assert.Equal(CreateOutcome.Created, await store.CreateAsync(Key, new byte[] { 1 }, Cancellation));
        Assert.Equal(1, proxy.Lost);
        Assert.Equal(CreateOutcome.Exists, await store.CreateAsync(Key, new byte[] { 2 }, Cancellation));
    }

    [Fact]
    public async Task Replace_AnswerLost_IsWrittenOnce()
    {
        using var proxy = new LossyProxy(azurite.Server.Port);
        var store = await OpenThroughAsync(proxy, "lost-replace");
        var first = await store.ReplaceAsync(Key, new byte[] { 1 }, null, Cancellation);
        proxy.LoseNextAnswer();
        var second = await store.ReplaceAsync(Key, new byte[] { 2 }, first.ETag, Cancellation);
        Assert.Equal(1, proxy.Lost);
        Assert.Equal(second.ETag, (await store.ReadAsync(Key, Cancellation))!.ETag);
        Assert.True((await store.ReplaceAsync(Key, new byte[] { 3 }, second.ETag, Cancellation)).Replaced);
    }

    [Fact]
    public async Task Open_ServiceVersionThatTheServerKnows_Works()
    {
        var store = await AzureArtifactStore.OpenAsync(azurite.Options with { Container = "pinned", ServiceVersion = "2026-06-06" }, Cancellation);
        Assert.Equal(CreateOutcome.Created, await store.CreateAsync(Key, new byte[] { 1 }, Cancellation));
    }

    [Fact]
    public async Task Open_WrongKey_IsRefused()
    {
        var options = azurite.Options with { ConnectionString = azurite.Server.ConnectionString.Replace("AccountKey=Eby8", "AccountKey=Ebz8", StringComparison.Ordinal) };
        var refusal = await Refusals.OfAsync(() => AzureArtifactStore.OpenAsync(options, Cancellation));
        Assert.Equal("HP4207", refusal.Code);
        Assert.False(refusal.IsTransient);
        Assert.DoesNotContain("Ebz8", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ContainerGone_IsRefused()
    {
        var options = azurite.Options with { Container = "removed" };
        var store = await AzureArtifactStore.OpenAsync(options, Cancellation);
        await new global::Azure.Storage.Blobs.BlobContainerClient(options.ConnectionString, options.Container).DeleteAsync(cancellationToken: Cancellation);
        Assert.Equal("HP4207", (await Refusals.OfAsync(() => store.ReadAsync(Key, Cancellation))).Code);
    }

    [Theory]
    [InlineData("nonsense", null)]
    [InlineData("", null)]
    [InlineData(null, "1999-01-01")]
    public async Task Open_UnusableOptions_IsRefused(string? connectionString, string? version)
    {
        var options = new AzureStoreOptions(connectionString ?? azurite.Server.ConnectionString, "tests") { ServiceVersion = version };
        Assert.Equal("HP4208", (await Refusals.OfAsync(() => AzureArtifactStore.OpenAsync(options, Cancellation))).Code);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<AzureArtifactStore> OpenThroughAsync(LossyProxy proxy, string container) =>
        AzureArtifactStore.OpenAsync(
            azurite.Options with { ConnectionString = AzuriteServer.ConnectionStringOf(proxy.Port), Container = container }, Cancellation);
}
