using System.Net.Sockets;
using HunyuanPortrait.Cli.Processes;

namespace HunyuanPortrait.Chaos.Tests.Processes;

public sealed class RedisServerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restart_OfAServer_RefusesMeanwhileAndKeepsWhatItWasTold()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "needs redis-server on the PATH");
        await using var redis = await RedisServer.StartAsync(folder.Path, Cancellation);
        Assert.Equal("+OK", await AskAsync(redis.Port, "SET cluster alive"));
        await redis.StopAsync(Cancellation);
        await Assert.ThrowsAsync<SocketException>(() => AskAsync(redis.Port, "PING"));
        await redis.StartAgainAsync(Cancellation);
        Assert.Equal("$5", await AskAsync(redis.Port, "GET cluster"));
    }

    [Fact]
    public async Task Dispose_OfAServer_EndsItsProcess()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "needs redis-server on the PATH");
        var redis = await RedisServer.StartAsync(folder.Path, Cancellation);
        await redis.DisposeAsync();
        Assert.Null(LiveProcess.StateOf(redis.ProcessId));
    }

    public void Dispose() => folder.Dispose();

    // The first line of the answer, in the server's own protocol.
    private static async Task<string?> AskAsync(int port, string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Cancellation);
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(command + "\r\n"), Cancellation);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync(Cancellation);
    }
}
