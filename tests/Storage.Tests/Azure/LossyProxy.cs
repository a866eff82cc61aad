using System.Net;
using System.Net.Sockets;

namespace HunyuanPortrait.Storage.Tests.Azure;

/// <summary>Passes connections on to a server; on request it drops one in the very moment of the answer, when the server has done what it was asked.</summary>
internal sealed class LossyProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly int serverPort;
    private int toLose;

    public LossyProxy(int serverPort)
    {
        this.serverPort = serverPort;
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Answers that were lost so far.</summary>
    public int Lost { get; private set; }

    public void LoseNextAnswer() => Interlocked.Exchange(ref toLose, 1);

    public void Dispose()
    {
        ending.Cancel();
        listener.Dispose();
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync(ending.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(IPAddress.Loopback, serverPort);
            await Task.WhenAny(
                PassOnAsync(client.GetStream(), server.GetStream(), () => false),
                PassOnAsync(server.GetStream(), client.GetStream(), () => Interlocked.Exchange(ref toLose, 0) == 1));
        }
    }

    private async Task PassOnAsync(NetworkStream from, NetworkStream to, Func<bool> loses)
    {
        var buffer = new byte[1 << 16];
        try
        {
            for (int read; (read = await from.ReadAsync(buffer)) > 0;)
            {
                if (loses())
                {
                    Lost++;
                    return;
                }

                await to.WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
        }
    }
}
