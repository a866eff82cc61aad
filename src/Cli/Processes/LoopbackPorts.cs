using System.Net;
using System.Net.Sockets;

namespace HunyuanPortrait.Cli.Processes;

/// <summary>Ports that nobody listens on.</summary>
internal static class LoopbackPorts
{
    /// <summary>Some different free ports. Nobody holds them, so whoever asked should listen soon.</summary>
    public static int[] Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            Array.ForEach(listeners, listener => listener.Start());
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            Array.ForEach(listeners, listener => listener.Dispose());
        }
    }
}
