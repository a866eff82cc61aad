using HunyuanPortrait.Cluster.Tests.Clusters;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Simulation;
using HunyuanPortrait.Simulation.Devices;

namespace HunyuanPortrait.Cluster.Tests.Jobs;

/// <summary>Who gets the devices, judged by the leases that owners opened. Thousands of jobs are simulated in tests/Core.Tests.</summary>
public sealed class FairShareTests : IAsyncLifetime
{
    // 15 windows a step. One length for all, because all simulated jobs name the same video.
    private const int Frames = 310;
    private static readonly JobSpecification Wide = SimulatedJobs.Specification(Frames, steps: 3);
    private static readonly JobSpecification Long = SimulatedJobs.Specification(Frames, steps: 400);
    private SimulatedCluster cluster = null!;

    public async ValueTask InitializeAsync() => cluster = await SimulatedCluster.StartAsync(new ClusterPlan
    {
        GpuSilos = 2,
        Device = _ => SimulatedJobs.Ports(new SimulatedCost(Window: TimeSpan.FromMilliseconds(10))),
        Coordination = options => (options.TasksInHand, options.DrainGrace) = (1, TimeSpan.FromMilliseconds(200)),
    });

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task Tenant_AfterAnothersTwentyJobs_GetsItsHalfWithinOneStep()
    {
        for (var job = 0; job < 20; job++)
            await SubmitAsync($"first-{job}", Long, "first");
        await cluster.WaitAsync("first-0", view => view.Progress.SlowestStep >= 2, Token);
        await SubmitAsync("second", Wide, "second");
        await cluster.WaitForEndAsync("second", Token);
        Assert.InRange(OthersWithinTheFirstStepOf("second"), 5, 30);
    }

    [Fact]
    public async Task Priority_Higher_OvertakesWithinOneStep()
    {
        await SubmitAsync("low", Long, "studio");
        await cluster.WaitAsync("low", view => view.Progress.SlowestStep >= 2, Token);
        await SubmitAsync("high", Wide, "studio", priority: 5);
        await cluster.WaitForEndAsync("high", Token);

        // What the devices had in hand when its first window became ready.
        Assert.InRange(OthersWithinTheFirstStepOf("high"), 0, 2);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<RenderJobView> SubmitAsync(string job, JobSpecification specification, string tenant, int priority = 0) =>
        cluster.Job(job).SubmitAsync(SimulatedCluster.Submission(specification, job, tenant) with { Priority = priority }, Token);

    /// <summary>Windows of other jobs that were leased between the job's first window and the last of its first step.</summary>
    private int OthersWithinTheFirstStepOf(string job)
    {
        var leases = cluster.History.Entries.Where(entry => entry.Kind == HistoryKind.Lease && entry.Epoch != 0 && entry.Task.Kind == TaskKind.DenoiseWindow).ToList();
        var first = leases.FindIndex(lease => lease.Job == job);
        var last = leases.FindLastIndex(lease => lease.Job == job && lease.Task.Step == 0);
        var within = leases[first..last];
        Assert.Equal(new TaskPlan(Wide.Shape(Frames)).Segments.WindowCount - 1, within.Count(lease => lease.Job == job && lease.Task.Step == 0));
        return within.Count(lease => lease.Job != job);
    }
}
