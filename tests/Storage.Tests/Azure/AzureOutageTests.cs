using System.Net;
using System.Net.Sockets;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Storage.Azure;

namespace HunyuanPortrait.Storage.Tests.Azure;

/// <summary>The server goes away, and comes back or does not.</summary>
public sealed class AzureOutageTests
{
    private static readonly ArtifactKey Key = ArtifactKey.Parse("jobs/a/record");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_ServerRestarts_SucceedOnceItIsBack()
    {
        AzuriteFixture.Require();
        using var folder = new TemporaryFolder();
        using var server = await AzuriteServer.StartAsync(folder.Path, Cancellation);
        var store = await AzureArtifactStore.OpenAsync(new AzureStoreOptions(server.ConnectionString, "restarted"), Cancellation);
        var first = await store.ReplaceAsync(Key, new byte[] { 1 }, null, Cancellation);
        await server.StopAsync(Cancellation);

        var calls = Task.WhenAll(
            store.CreateAsync(ArtifactKey.Parse("jobs/a/created"), new byte[] { 7 }, Cancellation),
            store.ReadAsync(Key, Cancellation),
            store.ListAsync(cancellationToken: Cancellation).CountAsync(Cancellation).AsTask());
        await RefuseOneConnectionAsync(server.Port);
        Assert.False(calls.IsCompleted);
        await server.RestartAsync(Cancellation);

        await calls;
        Assert.True((await store.ReplaceAsync(Key, new byte[] { 2 }, first.ETag, Cancellation)).Replaced);
    }

    [Fact]
    public async Task Calls_ServerNeverAnswers_AreRefusedAsTransient()
    {
        AzuriteFixture.Require();
        using var server = await AzuriteServer.StartAsync(folder: null, Cancellation);
        var options = new AzureStoreOptions(server.ConnectionString, "paused")
        {
            MaxRetries = 1,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            NetworkTimeout = TimeSpan.FromMilliseconds(300),
        };
        var patient = await AzureArtifactStore.OpenAsync(options with { NetworkTimeout = TimeSpan.FromMinutes(1) }, Cancellation);
        var impatient = await ConnectedAsync(options);
        server.Pause();
        foreach (var call in new Func<Task>[]
        {
            () => impatient.ReadAsync(Key, Cancellation),
            () => impatient.CreateAsync(Key, new byte[] { 1 }, Cancellation),
            () => impatient.DeleteAsync(Key, cancellationToken: Cancellation),
            () => impatient.ListAsync(cancellationToken: Cancellation).CountAsync(Cancellation).AsTask(),
        })
        {
            var refusal = await Refusals.OfAsync(call);
            Assert.Equal("HP4206", refusal.Code);
            Assert.True(refusal.IsTransient);
        }

        var waiting = patient.ReplaceAsync(ArtifactKey.Parse("later"), new byte[] { 1 }, null, Cancellation);
        server.Resume();
        Assert.True((await waiting).Replaced);
    }

    [Fact]
    public async Task Open_NobodyListens_IsRefusedAsTransient()
    {
        var options = new AzureStoreOptions(AzuriteServer.ConnectionStringOf(FreePort()), "nowhere") { MaxRetries = 2, RetryDelay = TimeSpan.FromMilliseconds(1) };
        var refusal = await Refusals.OfAsync(() => AzureArtifactStore.OpenAsync(options, Cancellation));
        Assert.Equal("HP4206", refusal.Code);
        Assert.True(refusal.IsTransient);
    }

    [Fact]
    public async Task Calls_CallerCancels_AreCancelled()
    {
        var options = new AzureStoreOptions(AzuriteServer.ConnectionStringOf(FreePort()), "nowhere");
        using var cancelled = new CancellationTokenSource();
        var call = AzureArtifactStore.OpenAsync(options, cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    // The client's timeout may strike while a loaded machine opens the container, so that is asked until it is done.
    private static async Task<AzureArtifactStore> ConnectedAsync(AzureStoreOptions options)
    {
        while (true)
        {
            try
            {
                return await AzureArtifactStore.OpenAsync(options, Cancellation);
            }
            catch (Core.Errors.RenderException refusal) when (refusal.IsTransient)
            {
            }
        }
    }

    // Proves that a call has met the outage before the server is back.
    private static async Task RefuseOneConnectionAsync(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        using var connection = await listener.AcceptTcpClientAsync(Cancellation);
        connection.LingerState = new LingerOption(enable: true, seconds: 0);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
