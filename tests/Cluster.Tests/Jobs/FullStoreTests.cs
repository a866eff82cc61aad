using HunyuanPortrait.Cluster.Tests.Clusters;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Simulation;
using HunyuanPortrait.Simulation.Devices;

namespace HunyuanPortrait.Cluster.Tests.Jobs;

/// <summary>The store gets full in the middle of a job.</summary>
public sealed class FullStoreTests
{
    private static readonly JobSpecification Specification = SimulatedJobs.Specification(frames: 60, steps: 40);

    [Fact]
    public async Task Job_NoRoomForResults_FailsAndSaysSo()
    {
        var store = new FullStore();
        await using var cluster = await StartAsync(store);
        store.FillForArtifacts();
        var failed = await cluster.WaitForEndAsync("a", Token);
        Assert.Equal((JobStateView.Failed, "HP4001", JobStateView.Denoising), (failed.State, failed.Failure?.Code, failed.Failure!.Stage));
        Assert.True(failed.Failure.IsTransient);
        store.MakeRoom();
        await cluster.WaitForReleaseAsync("a", Token);
    }

    [Fact]
    public async Task Job_NoRoomForAnythingForAWhile_EndsWhenThereIsRoomAgain()
    {
        var store = new FullStore();
        await using var cluster = await StartAsync(store);
        store.Fill();
        await SimulatedCluster.PollAsync(() => Task.FromResult(store.Refused > 30), "refusals", Token);
        Assert.False((await cluster.Job("a").GetAsync(Token)).HasEnded);
        store.MakeRoom();

        // Whether attempts or room come to their end first is a matter of moments; nothing wrong comes of either.
        var view = await cluster.WaitForEndAsync("a", Token);
        if (view.State == JobStateView.Succeeded)
            Assert.Equal((await SimulatedJobs.RunOnOneMachineAsync(Specification, Token)).Video, await cluster.VideoAsync(view));
        else
            Assert.Equal((JobStateView.Failed, "HP4001"), (view.State, view.Failure?.Code));
        await cluster.WaitForReleaseAsync("a", Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<SimulatedCluster> StartAsync(FullStore store)
    {
        var cluster = await SimulatedCluster.StartAsync(
            new ClusterPlan { GpuSilos = 2, Device = _ => SimulatedJobs.Ports(new SimulatedCost(Window: TimeSpan.FromMilliseconds(10))) }, store);
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(Specification), Token);
        await cluster.WaitAsync("a", view => view.Progress.SlowestStep >= 2, Token);
        return cluster;
    }
}
