using System.Diagnostics;
using System.Globalization;

namespace HunyuanPortrait.Storage.Tests.Azure;

/// <summary>A real blob server on a loopback port (tests/azurite). It ends when it is disposed.</summary>
internal sealed class AzuriteServer : IDisposable
{
    // The account and the key are constants of the emulator, the same everywhere.
    private const string Account =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;";

    private const string Listening = "successfully listens on http://127.0.0.1:";

    private static readonly string Program = FindProgram();

    private readonly string? folder;
    private Process? process;

    private AzuriteServer(string? folder) => this.folder = folder;

    /// <summary>Whether its packages are there: <c>./portrait test</c> puts them there.</summary>
    public static bool IsInstalled => File.Exists(Program);

    public int Port { get; private set; }

    public string ConnectionString => ConnectionStringOf(Port);

    private Process Running => process ?? throw new InvalidOperationException("The blob server is stopped.");

    /// <summary>How clients reach the server at a port, perhaps through something in between.</summary>
    public static string ConnectionStringOf(int port) =>
        Account + string.Create(CultureInfo.InvariantCulture, $"BlobEndpoint=http://127.0.0.1:{port}/devstoreaccount1;");

    /// <summary>Starts a server.</summary>
    /// <param name="folder">Where it keeps its blobs; null: in memory.</param>
    /// <param name="cancellationToken">Ends waiting for it.</param>
    public static async Task<AzuriteServer> StartAsync(string? folder, CancellationToken cancellationToken)
    {
        var server = new AzuriteServer(folder);
        await server.RestartAsync(cancellationToken);
        return server;
    }

    /// <summary>Starts it again, at the port that it had.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        string[] place = folder is null ? ["--inMemoryPersistence"] : ["--location", folder];
        string[] arguments = [Program, "--blobHost", "127.0.0.1", "--blobPort", $"{Port}", "--silent", "--disableTelemetry", "--skipApiVersionCheck", .. place];
        process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var start)
            {
                Port = int.Parse(line[(start + Listening.Length)..], CultureInfo.InvariantCulture);
                return;
            }
        }

        throw new InvalidOperationException("The blob server ended before it listened.");
    }

    /// <summary>Ends it as an operator would: it saves what it holds, and its port refuses.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Signal("TERM");
        await Running.WaitForExitAsync(cancellationToken);
        Running.Dispose();
        process = null;
    }

    /// <summary>From now on it accepts connections and never answers.</summary>
    public void Pause() => Signal("STOP");

    public void Resume() => Signal("CONT");

    public void Dispose()
    {
        if (process is null)
            return;
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Running.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string FindProgram()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "HunyuanPortrait.sln")))
            root = root.Parent;
        return Path.Combine(root?.FullName ?? AppContext.BaseDirectory, "tests/azurite/node_modules/azurite/dist/src/blob/main.js");
    }
}
