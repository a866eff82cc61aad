using System.Collections.Immutable;
using System.Runtime.InteropServices;
using HunyuanPortrait.Chaos.Faults;
using HunyuanPortrait.Chaos.Silos;
using HunyuanPortrait.Cli.Processes;
using HunyuanPortrait.Storage.Tests.Azure;

namespace HunyuanPortrait.Chaos.Running;

/// <summary>What the program does with its arguments.</summary>
internal static class ChaosProgram
{
    private const int ControlSilos = 2;
    private const int GpuSilos = 3;

    private static readonly TimeSpan FaultSpan = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan StoreOutage = TimeSpan.FromSeconds(30);

    /// <summary>Runs every seed; a line each, and a summary.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        ChaosOptions options;
        try
        {
            options = ChaosOptions.Parse(arguments);
        }
        catch (FormatException refusal)
        {
            await error.WriteLineAsync($"{refusal.Message}\n{ChaosOptions.Usage}");
            return 2;
        }

        if (Missing(options) is { } missing)
        {
            await error.WriteLineAsync(missing);
            return 2;
        }

        using var stopping = new CancellationTokenSource();
        var signal = 0;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, 2));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, 15));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Stop(context, 1));
        try
        {
            return await RunAsync(options, output, stopping.Token) ? 0 : 1;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await error.WriteLineAsync("stopped; every process that was started has ended");
            return 128 + signal;
        }

        void Stop(PosixSignalContext context, int number)
        {
            context.Cancel = true;
            signal = number;
            stopping.Cancel();
        }
    }

    private static string? Missing(ChaosOptions options)
    {
        if (!RedisServer.IsInstalled)
            return "redis-server is not on the PATH. Debian and Ubuntu: sudo apt-get install redis-server";
        if (options.Seeds.Any(options.HasBlobServer) && !AzuriteServer.IsInstalled)
            return "Azurite is not installed: npm ci --ignore-scripts in tests/azurite, or leave it out with --store folder";
        return options.Device == DeviceKind.Embedded ? EmbeddedClip.Missing : null;
    }

    private static async Task<bool> RunAsync(ChaosOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        using var clip = options.Device == DeviceKind.Embedded ? await EmbeddedClip.RenderAsync(cancellationToken) : null;
        var job = clip?.Job ?? await TestedJob.SimulateAsync(frames: 176, steps: 10, TimeSpan.FromMilliseconds(200), cancellationToken);
        var reports = ImmutableArray.CreateBuilder<RunReport>();
        foreach (var seed in options.Seeds)
        {
            reports.Add(await RunAsync(seed, options.HasBlobServer(seed), job, cancellationToken));
            await output.WriteLineAsync(ChaosReport.Of(reports[^1]));
        }

        await output.WriteLineAsync(ChaosReport.Summary(reports.ToImmutable()));
        return reports.All(run => run.Holds);
    }

    private static async Task<RunReport> ExecuteAsync(RunPlan plan, TestedJob job, CancellationToken cancellationToken)
    {
        try
        {
            return await new ChaosRun(new SiloCluster(job), TimeProvider.System).ExecuteAsync(plan, cancellationToken);
        }
        catch (InvalidOperationException failure)
        {
            // A silo that does not start at all: there is nothing to judge.
            return new RunReport(plan.Seed, [failure.Message], [], 0, 0, TimeSpan.Zero);
        }
    }

    // What a run that does not hold has left is kept for whoever looks into it.
    private static async Task<RunReport> RunAsync(int seed, bool hasBlobServer, TestedJob job, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory($"portrait-chaos-{seed}-").FullName;
        var settings = new FaultSettings(FaultSpan, ControlSilos, GpuSilos, job.LeaseDuration) { StoreOutage = hasBlobServer ? StoreOutage : TimeSpan.Zero };
        var plan = new RunPlan(seed, new ClusterSize(ControlSilos, GpuSilos, hasBlobServer), FaultSchedule.Plan(seed, settings), folder, job.Timeout);
        try
        {
            var report = await ExecuteAsync(plan, job, cancellationToken);
            if (!report.Holds)
                return report with { Failures = report.Failures.Add($"what it left: {folder}") };
            Directory.Delete(folder, recursive: true);
            return report;
        }
        catch (OperationCanceledException)
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }
}
