using HunyuanPortrait.Cluster.Tests.Clusters;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Simulation;
using HunyuanPortrait.Simulation.Devices;
using HunyuanPortrait.Storage.Azure;
using HunyuanPortrait.Storage.Tests;
using HunyuanPortrait.Storage.Tests.Azure;

namespace HunyuanPortrait.Cluster.Tests.Jobs;

/// <summary>Whole jobs with a real blob server as the only store.</summary>
public sealed class AzureTests
{
    private static readonly JobSpecification Specification = SimulatedJobs.Specification(frames: 100, steps: 8);

    public AzureTests() => Assert.SkipUnless(AzuriteServer.IsInstalled, "needs Azurite: npm ci in tests/azurite, as ./portrait test does");

    [Fact]
    public async Task Job_BlobStoreOnly_GivesTheBytesOfOneMachine()
    {
        using var server = await AzuriteServer.StartAsync(folder: null, Token);
        await using var cluster = await StartAsync(server, TimeSpan.Zero);
        await RequireSameBytesAsync(cluster);
    }

    [Theory, InlineData(3)]
    public Task Job_BlobServerAwayForAWhile_GoesOnAndGivesTheSameBytes(int seconds) => RunThroughAnOutageAsync(TimeSpan.FromSeconds(seconds));

    [Fact(Explicit = true)]
    public Task Job_BlobServerAwayForHalfAMinute_GoesOnAndGivesTheSameBytes() => RunThroughAnOutageAsync(TimeSpan.FromSeconds(30));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The server ends in the middle of denoising; its port refuses until it is back with what it had stored.</summary>
    private static async Task RunThroughAnOutageAsync(TimeSpan outage)
    {
        using var folder = new TemporaryFolder();
        using var server = await AzuriteServer.StartAsync(folder.Path, Token);
        await using var cluster = await StartAsync(server, TimeSpan.FromMilliseconds(30));
        await cluster.WaitAsync("a", view => view.Progress.SlowestStep >= 2, Token);
        await server.StopAsync(Token);
        await Task.Delay(outage, TimeProvider.System, Token);
        Assert.False((await cluster.Job("a").GetAsync(Token)).HasEnded);
        await server.RestartAsync(Token);
        await RequireSameBytesAsync(cluster);
    }

    private static async Task<SimulatedCluster> StartAsync(AzuriteServer server, TimeSpan window)
    {
        var store = await AzureArtifactStore.OpenAsync(new AzureStoreOptions(server.ConnectionString, "cluster"), Token);
        var cluster = await SimulatedCluster.StartAsync(
            new ClusterPlan { GpuSilos = 2, Device = _ => SimulatedJobs.Ports(new SimulatedCost(Window: window)) }, store);
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(Specification), Token);
        return cluster;
    }

    private static async Task RequireSameBytesAsync(SimulatedCluster cluster)
    {
        var view = await cluster.WaitAsync("a", view => view.HasEnded, Token, seconds: 180);
        Assert.True(view.State == JobStateView.Succeeded, $"{view.State}: {view.Failure}");
        var expected = await SimulatedJobs.RunOnOneMachineAsync(Specification, Token);
        Assert.Equal(expected.Latents, await cluster.FinalLatentsAsync("a", Specification));
        Assert.Equal(expected.Video, await cluster.VideoAsync(view));
        cluster.History.RequireExactlyOnce("a", new TaskPlan(Specification.Shape(100)));
    }
}
