using HunyuanPortrait.Cluster.Tests.Clusters;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Simulation;
using HunyuanPortrait.Simulation.Devices;

namespace HunyuanPortrait.Cluster.Tests.Jobs;

/// <summary>The bits of one machine, whatever the number of workers and the order of arrival.</summary>
public sealed class ExactnessTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(7)]
    public async Task Job_AnyNumberOfGpuSilos_GivesTheBytesOfOneMachine(int gpuSilos)
    {
        var token = TestContext.Current.CancellationToken;
        var specification = SimulatedJobs.Specification(frames: 176, steps: 10);
        var expected = await SimulatedJobs.RunOnOneMachineAsync(specification, token);
        var random = new Random(gpuSilos);
        await using var cluster = await SimulatedCluster.StartAsync(new ClusterPlan
        {
            GpuSilos = gpuSilos,
            Device = _ => SimulatedJobs.Ports(new SimulatedCost { OnWindow = stop => Delay(random, stop) }),
        });
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(specification), token);
        var view = await cluster.WaitForEndAsync("a", token);
        Assert.Equal(JobStateView.Succeeded, view.State);
        Assert.Equal(view.Progress.TotalTasks, view.Progress.CompletedTasks);
        Assert.Equal(expected.Latents, await cluster.FinalLatentsAsync("a", specification));
        Assert.Equal(expected.Video, await cluster.VideoAsync(view));
        cluster.History.RequireExactlyOnce("a", new TaskPlan(specification.Shape(176)));
    }

    /// <summary>Shuffles the order of arrival.</summary>
    private static void Delay(Random random, CancellationToken stop)
    {
        int milliseconds;
        lock (random)
            milliseconds = random.Next(4);
        stop.WaitHandle.WaitOne(milliseconds);
    }
}
