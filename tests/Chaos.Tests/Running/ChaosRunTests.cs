using System.Collections.Immutable;
using HunyuanPortrait.Chaos.Faults;
using HunyuanPortrait.Chaos.Running;
using HunyuanPortrait.Chaos.Tests.Processes;
using HunyuanPortrait.Cli.Processes;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Chaos.Tests.Running;

/// <summary>Real processes that do nothing are killed, paused and started again; a real Redis is restarted.</summary>
public sealed class ChaosRunTests : IDisposable
{
    private static readonly ImmutableArray<Fault> Faults =
    [
        new(TimeSpan.Zero, FaultKind.KillGpuSilo, 1, TimeSpan.FromMilliseconds(10)),
        new(TimeSpan.Zero, FaultKind.KillCoordinator, 0, TimeSpan.FromMilliseconds(10)),
        new(TimeSpan.Zero, FaultKind.PauseGpuSilo, 0, TimeSpan.FromMilliseconds(50)),
        new(TimeSpan.Zero, FaultKind.RestartRedis, 0, TimeSpan.FromMilliseconds(10)),
        new(TimeSpan.FromHours(1), FaultKind.KillControlSilo, 1, TimeSpan.FromMilliseconds(10)),
    ];

    private static readonly Fault Pause = new(TimeSpan.Zero, FaultKind.PauseGpuSilo, 0, TimeSpan.FromMilliseconds(500));

    private readonly TemporaryFolder folder = new();

    public ChaosRunTests() => Assert.SkipUnless(RedisServer.IsInstalled, "needs redis-server on the PATH");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task Nothing(ClusterPlace place, CancellationToken cancellationToken) => Task.CompletedTask;

    [Fact]
    public async Task Execute_FaultsInTime_AreDoneAndPutRight()
    {
        var report = await RunAsync(new StandInCluster { Work = AwaitRecoveryAsync }, Faults);
        Assert.Empty(report.Failures);
        Assert.Equal(Faults.Take(4).Select(fault => fault.ToString()), report.Disturbances.Select(disturbance => disturbance.What));
        Assert.Equal(["gpu-1.1", "control-0.1", "gpu-0.1", null], report.Disturbances.Select(disturbance => disturbance.Process));
    }

    [Fact]
    public async Task Execute_Ends_LeavesNoProcess()
    {
        await RunAsync(new StandInCluster { Work = Nothing }, []);
        Assert.Equal(4, StandInCluster.ProcessIds(folder.Path).Count());
        Assert.All(StandInCluster.ProcessIds(folder.Path), id => Assert.Null(LiveProcess.StateOf(id)));
    }

    [Fact]
    public async Task Execute_IsCancelled_LeavesNoProcess()
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var cluster = new StandInCluster { Work = async (_, token) => { await cancelled.CancelAsync(); await Task.Delay(Timeout.Infinite, token); } };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(cluster, Faults, cancellationToken: cancelled.Token));
        Assert.All(StandInCluster.ProcessIds(folder.Path), id => Assert.Null(LiveProcess.StateOf(id)));
    }

    [Fact]
    public async Task Execute_OtherBytes_DoesNotHold()
    {
        var report = await RunAsync(new StandInCluster { Work = Nothing, Expected = "other"u8.ToArray() }, []);
        Assert.Contains("is not what one machine computes", Assert.Single(report.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_HistoryBreaksARule_DoesNotHold()
    {
        var cluster = new StandInCluster { Work = Nothing };
        cluster.Script.Remove(HistoryKind.Accept, TaskId.Denoise(1, 1));
        Assert.StartsWith("accepted exactly once: ", Assert.Single((await RunAsync(cluster, [])).Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_JobDoesNotEnd_DoesNotHold()
    {
        var cluster = new StandInCluster { Work = (_, token) => Task.Delay(Timeout.Infinite, token) };
        var report = await RunAsync(cluster, [], TimeSpan.FromMilliseconds(200));
        Assert.Equal(["studio-first did not end within 00:00:00.2000000", "every job ended: studio-first did not end"], report.Failures);
    }

    [Fact]
    public async Task Execute_SiloEndsByItself_DoesNotHold()
    {
        var cluster = new StandInCluster { Work = (place, token) => EndAsync("gpu-1.1", "KILL", place, token) };
        Assert.StartsWith("gpu-1.1 ended with 137 although nobody ended it", Assert.Single((await RunAsync(cluster, [])).Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_WokenSiloIsGivenUp_IsOneMoreDisturbance()
    {
        var cluster = new StandInCluster
        {
            Body = "trap 'echo I have been told I am dead; exit 134' USR1; echo silo is ready $$; while :; do sleep 0.02; done",
            Work = (place, token) => EndOnceWokenAsync("USR1", place, token),
        };
        var report = await RunAsync(cluster, [Pause]);
        Assert.Empty(report.Failures);
        Assert.Equal([Pause.ToString(), "gpu-0.1 was given up"], report.Disturbances.Select(disturbance => disturbance.What));
        Assert.All(report.Disturbances, disturbance => Assert.Equal(("gpu-0.1", 1), (disturbance.Process, disturbance.Slots)));
        Assert.True(report.Disturbances[1].From > report.Disturbances[0].From, "what the silo had in hand before it was paused counts twice");
    }

    [Fact]
    public async Task Execute_WokenSiloEndsByItself_DoesNotHold()
    {
        var report = await RunAsync(new StandInCluster { Work = (place, token) => EndOnceWokenAsync("KILL", place, token) }, [Pause]);
        Assert.StartsWith("gpu-0.1 ended with 137 although nobody ended it", Assert.Single(report.Failures), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private Task<RunReport> RunAsync(
        ITestedCluster cluster, ImmutableArray<Fault> faults, TimeSpan? timeout = null, CancellationToken? cancellationToken = null) =>
        new ChaosRun(cluster, TimeProvider.System).ExecuteAsync(
            new RunPlan(1, new ClusterSize(2, 2, HasBlobServer: false), faults, folder.Path, timeout ?? TimeSpan.FromSeconds(60)),
            cancellationToken ?? Cancellation);

    private static async Task EndOnceWokenAsync(string signal, ClusterPlace place, CancellationToken cancellationToken)
    {
        bool IsStopped() => LiveProcess.StateOf(IdOf("gpu-0.1", place)) == 'T';
        await LiveProcess.AwaitAsync(IsStopped, cancellationToken);
        await LiveProcess.AwaitAsync(() => !IsStopped(), cancellationToken);
        await EndAsync("gpu-0.1", signal, place, cancellationToken);
    }

    private static async Task EndAsync(string silo, string signal, ClusterPlace place, CancellationToken cancellationToken)
    {
        var id = IdOf(silo, place);
        using var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{id}"]);
        await LiveProcess.AwaitAsync(() => LiveProcess.StateOf(id) is null or 'Z', cancellationToken);
    }

    private static int IdOf(string silo, ClusterPlace place) => int.Parse(Read(Path.Combine(place.Logs, silo + ".log")).Split(' ', '\n')[^2]);

    // Second processes of the killed silos, and a paused one that goes on.
    private async Task AwaitRecoveryAsync(ClusterPlace place, CancellationToken cancellationToken)
    {
        bool IsReady(string name) => File.Exists(Path.Combine(place.Logs, name + ".log")) && Read(Path.Combine(place.Logs, name + ".log")).Contains("ready", StringComparison.Ordinal);
        int Starts() => Read(Path.Combine(place.Folder, "redis", "redis.log")).Split("Ready to accept").Length - 1;
        await LiveProcess.AwaitAsync(() => IsReady("gpu-1.2") && IsReady("control-0.2") && Starts() == 2, cancellationToken);
    }

    private static string Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
