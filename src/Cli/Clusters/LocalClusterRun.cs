using System.Globalization;
using HunyuanPortrait.Cli.Processes;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Silo.Remote;

namespace HunyuanPortrait.Cli.Clusters;

/// <summary>A cluster to try things out with.</summary>
/// <param name="Folder">Keeps the store and the logs.</param>
/// <param name="ModelDirectory">Of the GPU silos.</param>
/// <param name="ControlSilos">At least 1.</param>
/// <param name="GpuSilos">At least 1.</param>
/// <param name="Threads">Of one network on one GPU silo.</param>
internal sealed record LocalClusterPlan(string Folder, string ModelDirectory, int ControlSilos, int GpuSilos, int Threads);

/// <summary>Redis and silos as processes of this machine, from their start to their end: whatever happens, none is left behind.</summary>
internal sealed class LocalClusterRun(ProgramTerminal terminal, LocalClusterPlan plan) : IAsyncDisposable
{
    private const string ReadyText = "silo started:";

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);
    private static readonly string SiloProgram = Path.Combine(AppContext.BaseDirectory, "HunyuanPortrait.Silo.dll");

    private readonly List<ChildProcess> silos = [];
    private RedisServer? redis;
    private bool isMarked;

    /// <exception cref="Core.Errors.RenderException">HP3106, HP3108, HP6204: a program is missing, a cluster runs there, a process did not start.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        RequirePrograms();
        if (ClusterFile.Find(plan.Folder) is { } other)
            throw CliErrors.ClusterIsUp(plan.Folder, other.Process);
        Directory.CreateDirectory(plan.Folder);
        await StartAsync(cancellationToken).ConfigureAwait(false);
        await WatchAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (isMarked)
            ClusterFile.Delete(plan.Folder);

        // GPU silos first: they hand over what they have in hand to somebody.
        silos.Reverse();
        await Task.WhenAll(silos.Select(StopAsync)).ConfigureAwait(false);
        if (redis is not null)
            await redis.DisposeAsync().ConfigureAwait(false);
    }

    private static void RequirePrograms()
    {
        if (!RedisServer.IsInstalled)
            throw CliErrors.ClusterProgramMissing("redis-server", "Debian and Ubuntu: sudo apt-get install redis-server · macOS: brew install redis");
        if (!File.Exists(SiloProgram))
            throw CliErrors.ClusterProgramMissing(SiloProgram, "Build the whole program: ./portrait does it at its first start.");
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        // A name of its own for every start, so that two clusters on one store are told of each other.
        var cluster = string.Create(CultureInfo.InvariantCulture, $"portrait-{Guid.NewGuid():N}");
        try
        {
            redis = await RedisServer.StartAsync(Path.Combine(plan.Folder, "redis"), cancellationToken).ConfigureAwait(false);
            await TellAsync($"redis-server  process {redis.ProcessId}, 127.0.0.1:{redis.Port}").ConfigureAwait(false);
            var address = new ClusterAddress(
                cluster, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{redis.Port}"), Path.Combine(Path.GetFullPath(plan.Folder), "store"));

            // The first silo makes the cluster that the others join.
            for (var number = 0; number < plan.ControlSilos; number++)
                await StartSiloAsync("control", number, address, cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(Enumerable.Range(0, plan.GpuSilos).Select(number => StartSiloAsync("gpu", number, address, cancellationToken))).ConfigureAwait(false);
            new ClusterFile(address, plan.ModelDirectory, Environment.ProcessId).Write(plan.Folder);
            isMarked = true;
        }
        catch (InvalidOperationException failure)
        {
            throw CliErrors.ClusterNotStarted(failure);
        }

        await TellAsync($"store, logs    {Path.GetFullPath(plan.Folder)}").ConfigureAwait(false);
        await TellAsync($"render with    ./portrait render --cluster {plan.Folder} --portrait PICTURE --driving CLIP --out VIDEO").ConfigureAwait(false);
        await TellAsync($"end with       Ctrl-C, or: kill {Environment.ProcessId}").ConfigureAwait(false);
    }

    private async Task StartSiloAsync(string role, int number, ClusterAddress address, CancellationToken cancellationToken)
    {
        var ports = LoopbackPorts.Free(2);
        (string Name, object Value)[] options =
        [
            ("Silo:Roles", role), ("Silo:Clustering", "Redis"), ("Silo:Redis", address.Redis), ("Silo:ClusterId", address.ClusterId),
            ("Silo:SiloPort", ports[0]), ("Silo:GatewayPort", ports[1]), ("Silo:Directory", address.StoreDirectory),
            ("Silo:Models:0", plan.ModelDirectory), ("Silo:Threads", plan.Threads), ("Coordination:LeaseDuration", TimeSpan.FromSeconds(15)),
        ];
        string[] arguments = [SiloProgram, .. options.SelectMany(option => new[] { "--" + option.Name, Convert.ToString(option.Value, CultureInfo.InvariantCulture)! })];
        var command = new ChildCommand($"{role}-{number}", Host, arguments, ReadyText);
        var silo = await ChildProcess.StartAsync(command, Path.Combine(plan.Folder, "logs"), cancellationToken).ConfigureAwait(false);
        lock (silos)
            silos.Add(silo);
        await TellAsync($"{silo.Name,-13} process {silo.Id}, silo port {ports[0]}, gateway port {ports[1]}").ConfigureAwait(false);
    }

    // The one that runs this program, where it is one.
    private static string Host => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    /// <summary>Says who has ended, until the cluster is to end.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var told = new HashSet<ChildProcess>();
        while (true)
        {
            foreach (var silo in silos.Where(silo => silo.HasExited && told.Add(silo)).ToArray())
                await TellAsync($"{silo.Name,-13} ended with {silo.ExitCode}; the others go on (log: {silo.LogPath})").ConfigureAwait(false);
            await Task.Delay(LookInterval, terminal.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task StopAsync(ChildProcess silo)
    {
        try
        {
            using var patience = new CancellationTokenSource(StopPatience);
            if (!silo.HasExited)
                await silo.TerminateAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is InvalidOperationException or OperationCanceledException)
        {
            // It has ended in this moment, or it does not want to: it is killed.
        }

        await silo.DisposeAsync().ConfigureAwait(false);
    }

    private Task TellAsync(FormattableString line) => terminal.Output.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
}
