using HunyuanPortrait.Cluster.Tests.Clusters;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Interfaces.Tasks;
using HunyuanPortrait.Grains.Tasks;
using HunyuanPortrait.Simulation;
using HunyuanPortrait.Simulation.Devices;
using Microsoft.Extensions.DependencyInjection;

namespace HunyuanPortrait.Cluster.Tests.Jobs;

/// <summary>What stays of a job, and for how long.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private static readonly JobSpecification Short = SimulatedJobs.Specification(frames: 30, steps: 2);
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private readonly ShiftedClock clock = new();
    private SimulatedCluster cluster = null!;

    public async ValueTask InitializeAsync() => cluster = await SimulatedCluster.StartAsync(new ClusterPlan
    {
        Clock = clock,
        Device = _ => SimulatedJobs.Ports(new SimulatedCost(Window: TimeSpan.FromMilliseconds(5))),
        Retention = options => (options.Grace, options.KeepFor, options.Interval) = (Grace, Week, TimeSpan.FromHours(12)),
    });

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task Succeeded_AfterTheGraceTime_KeepsDocumentsAndVideoOnly()
    {
        var view = await SubmitToEndAsync("a", Short);
        await SweepAsync();
        Assert.True(await cluster.CountAsync(ArtifactKeys.Job("a") / "latents", Token) > 0);
        clock.Advance(Grace);
        await SweepAsync();
        Assert.Equal(
            new[] { ArtifactKeys.Specification("a").Value, ArtifactKeys.Preparation("a").Value, view.Video! }.Order(StringComparer.Ordinal),
            await cluster.KeysAsync(ArtifactKeys.Job("a"), Token));
        var later = await cluster.Job("a").GetAsync(Token);
        Assert.Equal((JobStateView.Succeeded, view.Video), (later.State, later.Video));
        Assert.NotEmpty(await cluster.VideoAsync(later));
    }

    [Fact]
    public async Task Cancelled_ResultThatComesAfterwards_IsRefusedAndRemovedWhenTheGraceTimeHasPassed()
    {
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(SimulatedJobs.Specification(60, 200)), Token);
        await cluster.WaitAsync("a", view => view.Progress.SlowestStep >= 1, Token);
        await cluster.Job("a").CancelAsync("not wanted", Token);
        await cluster.WaitForReleaseAsync("a", Token);
        await cluster.WaitForQuietAsync(Token);
        var late = ArtifactKeys.Result("a", TaskId.Denoise(1, 0), LeaseEpoch.Of(1, 77));
        await cluster.Store.CreateAsync(late, new byte[] { 1 }, Token);
        clock.Advance(Grace);
        await SweepAsync();
        Assert.Equal(
            [ArtifactKeys.Preparation("a").Value, ArtifactKeys.Specification("a").Value], await cluster.KeysAsync(ArtifactKeys.Job("a"), Token));

        // The worker that wrote it still asks, and has to get an answer.
        var window = TaskId.Denoise(1, 0).ToName("a", new TaskPlan(SimulatedJobs.Specification(60, 200).Shape(60)).Segments);
        Assert.Equal(AcceptanceView.Stale, await cluster.Host.Client.OwnerOf(window).AcceptAsync(new TaskDelivery
        {
            Task = window,
            Epoch = LeaseEpoch.Of(1, 77).Value,
            ResultKey = late.Value,
            Sha256 = new string('0', 64),
            Worker = "late",
            DeviceClass = "simulated",
        }, Token));
    }

    [Fact]
    public async Task Ended_AfterItsRetention_IsForgottenAndMayBeSubmittedAgain()
    {
        await SubmitToEndAsync("a", Short);
        clock.Advance(Week);
        await SweepAsync();
        Assert.Empty(await cluster.KeysAsync(ArtifactKeys.Job("a"), Token));
        Assert.Empty(await cluster.KeysAsync(ArtifactKey.Parse("retention"), Token));
        Assert.Equal("HP6101", (await Assert.ThrowsAsync<RenderException>(() => cluster.Job("a").GetAsync(Token))).Code);

        var again = await SubmitToEndAsync("a", Short);
        clock.Advance(Week - TimeSpan.FromHours(1));
        await SweepAsync();
        Assert.NotEmpty(await cluster.VideoAsync(again));
    }

    [Fact]
    public async Task MotionTokens_WhenNoJobNamesThemAnyMore_GoWithTheirWeek()
    {
        var motion = ArtifactKey.Parse("motion");
        await SubmitToEndAsync("a", Short);
        clock.Advance(Week);
        await SubmitToEndAsync("b", Short);
        await SweepAsync();
        Assert.True(await cluster.CountAsync(motion, Token) > 0);
        clock.Advance(Week);
        await SweepAsync();
        Assert.True(await cluster.CountAsync(motion, Token) > 0);
        clock.Advance(Week);
        await SweepAsync();
        Assert.Empty(await cluster.KeysAsync(motion, Token));
    }

    [Fact]
    public async Task Expire_JobThatRunsUnderTheNameOfAnEndedOne_ChangesNothing()
    {
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(SimulatedJobs.Specification(60, 40)), Token);
        await cluster.WaitAsync("a", view => view.State == JobStateView.Denoising, Token);
        await cluster.Job("a").ExpireAsync(clock.GetUtcNow(), Token);
        Assert.Equal(JobStateView.Succeeded, (await cluster.WaitForEndAsync("a", Token)).State);
    }

    [Fact]
    public async Task Silo_AtItsInterval_LooksByItself()
    {
        await using var quick = await SimulatedCluster.StartAsync(new ClusterPlan
        {
            Retention = options => (options.Grace, options.Interval) = (TimeSpan.Zero, TimeSpan.FromMilliseconds(100)),
        });
        await quick.Job("a").SubmitAsync(SimulatedCluster.Submission(Short), Token);
        await quick.WaitForEndAsync("a", Token);
        await SimulatedCluster.PollAsync(
            async () => (await quick.KeysAsync(ArtifactKeys.Job("a"), Token)).Length == 3, "the sweep", Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task SweepAsync() => cluster.Host.Silos[0].ServiceProvider.GetRequiredService<RetentionLifecycle>().SweepAsync(Token);

    private async Task<RenderJobView> SubmitToEndAsync(string job, JobSpecification specification)
    {
        await cluster.Job(job).SubmitAsync(SimulatedCluster.Submission(specification), Token);
        var view = await cluster.WaitForEndAsync(job, Token);
        await cluster.WaitForReleaseAsync(job, Token);
        return view;
    }
}
