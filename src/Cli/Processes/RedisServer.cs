using System.Globalization;

namespace HunyuanPortrait.Cli.Processes;

/// <summary>A Redis server on a loopback port that keeps what it is told in a folder.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "redis-server";
    private const string ReadyText = "Ready to accept connections";

    private readonly string folder;
    private ChildProcess process;

    private RedisServer(string folder, int port, ChildProcess process) => (this.folder, Port, this.process) = (folder, port, process);

    /// <summary>Whether the program is on the PATH.</summary>
    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, Program)));

    public int Port { get; }

    public int ProcessId => process.Id;

    public static async Task<RedisServer> StartAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var port = LoopbackPorts.Free(1)[0];
        return new RedisServer(folder, port, await ChildProcess.StartAsync(Command(folder, port), folder, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Ends it as an operator would; from now on its port refuses.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => process.TerminateAsync(cancellationToken);

    /// <summary>Starts it again at its port, with what it has saved.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        await process.DisposeAsync().ConfigureAwait(false);
        process = await ChildProcess.StartAsync(Command(folder, Port), folder, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static ChildCommand Command(string folder, int port) => new(
        "redis", Program,
        [
            "--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture), "--dir", folder,
            "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--daemonize", "no",
        ],
        ReadyText);
}
