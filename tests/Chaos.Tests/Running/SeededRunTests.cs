using System.Collections.Immutable;
using HunyuanPortrait.Chaos.Faults;
using HunyuanPortrait.Chaos.Running;
using HunyuanPortrait.Chaos.Silos;
using HunyuanPortrait.Cli.Processes;

namespace HunyuanPortrait.Chaos.Tests.Running;

/// <summary>The shorter version of what <c>tests/Chaos</c> does by hand: the product's silos, killed, paused and asked to end while they work on a job.</summary>
public sealed class SeededRunTests : IDisposable
{
    private const int ControlSilos = 2;
    private const int GpuSilos = 2;

    // For a machine that does much else; a run takes a tenth of it.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(3);

    private readonly TemporaryFolder folder = new();

    public static TheoryData<int> Seeds => [14, 17];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Seeds))]
    public async Task Execute_Seed_Holds(int seed)
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "needs redis-server on the PATH");
        var job = await TestedJob.SimulateAsync(frames: 100, steps: 8, TimeSpan.FromMilliseconds(150), Cancellation) with { LeaseDuration = LeaseDuration };
        var plan = new RunPlan(seed, new ClusterSize(ControlSilos, GpuSilos, HasBlobServer: false), Schedule(seed), folder.Path, Limit);
        var report = await new ChaosRun(new SiloCluster(job), TimeProvider.System).ExecuteAsync(plan, Cancellation);
        Assert.True(report.Holds, ChaosReport.Of(report));
        Assert.NotEmpty(report.Disturbances);
    }

    [Fact]
    public void Seeds_Together_KillPauseAndStop()
    {
        var kinds = Seeds.SelectMany(seed => Schedule(seed.Data)).Select(fault => fault.Kind).ToHashSet();
        Assert.Superset(new HashSet<FaultKind> { FaultKind.KillGpuSilo, FaultKind.KillCoordinator, FaultKind.StopGpuSilo, FaultKind.PauseGpuSilo }, kinds);
    }

    public void Dispose() => folder.Dispose();

    private static ImmutableArray<Fault> Schedule(int seed) => FaultSchedule.Plan(
        seed, new FaultSettings(TimeSpan.FromSeconds(4), ControlSilos, GpuSilos, LeaseDuration) { RestartDelay = TimeSpan.FromSeconds(0.3), Rest = TimeSpan.FromSeconds(2) });
}
