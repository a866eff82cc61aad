using HunyuanPortrait.Cluster.Tests.Clusters;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Interfaces.Tenants;
using HunyuanPortrait.Simulation;
using HunyuanPortrait.Simulation.Devices;

namespace HunyuanPortrait.Cluster.Tests.Jobs;

/// <summary>Submit, cancel, pause, and what is refused.</summary>
public sealed class ControlTests : IAsyncLifetime
{
    private static readonly JobSpecification Long = SimulatedJobs.Specification(frames: 60, steps: 400);
    private SimulatedCluster cluster = null!;

    public async ValueTask InitializeAsync() => cluster = await SimulatedCluster.StartAsync(new ClusterPlan
    {
        Device = _ => SimulatedJobs.Ports(new SimulatedCost(Window: TimeSpan.FromMilliseconds(10))),
        Coordination = options => (options.ModelTimeout, options.LeaseDuration) = (TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(600)),
    });

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task Submit_SameAgain_FindsTheSameJob()
    {
        var submission = SimulatedCluster.Submission(SimulatedJobs.Specification(10, 2));
        var first = await cluster.Job("a").SubmitAsync(submission, Token);
        var again = await cluster.Job("a").SubmitAsync(submission, Token);
        Assert.Equal(first.SubmittedAt, again.SubmittedAt);
        Assert.Equal(JobStateView.Succeeded, (await cluster.WaitForEndAsync("a", Token)).State);
        Assert.Equal(JobStateView.Succeeded, (await cluster.Job("a").SubmitAsync(submission, Token)).State);
    }

    [Fact]
    public async Task Submit_OtherContentUnderTheSameKey_IsRefused()
    {
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(SimulatedJobs.Specification(10, 2)), Token);
        await RequireRefusalAsync("HP6102", () => cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(SimulatedJobs.Specification(11, 2)), Token));
    }

    [Fact]
    public async Task Submit_SettingsThatMakeNoPlan_IsRefusedAndLeavesNothing()
    {
        var specification = SimulatedJobs.Specification(10, 2) with { Output = OutputSettings.Default with { Container = ".gif" } };
        await RequireRefusalAsync("HP3001", () => cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(specification), Token));
        Assert.Null(await cluster.Store.ReadAsync(ArtifactKeys.Active("a"), Token));
        await RequireRefusalAsync("HP6101", () => cluster.Job("a").GetAsync(Token));
    }

    [Fact]
    public async Task Job_Unknown_IsRefused()
    {
        await RequireRefusalAsync("HP6101", () => cluster.Job("nobody").GetAsync(Token));
        await RequireRefusalAsync("HP6101", () => cluster.Job("nobody").CancelAsync("", Token));
    }

    [Fact]
    public async Task Cancel_AtWork_StopsWithinOneStepAndRemovesIntermediates()
    {
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(Long), Token);
        await cluster.WaitAsync("a", view => view.Progress.SlowestStep >= 2, Token);
        var cancelled = await cluster.Job("a").CancelAsync("not wanted", Token);
        Assert.Equal((JobStateView.Cancelled, "not wanted"), (cancelled.State, cancelled.CancelReason));
        await cluster.WaitForReleaseAsync("a", Token);
        var released = await cluster.Job("a").GetAsync(Token);
        Assert.True(released.Progress.FastestStep <= cancelled.Progress.FastestStep + 1, $"{cancelled.Progress} {released.Progress}");

        // What the one worker had in hand may be written after the rest was removed.
        Assert.InRange(await cluster.CountAsync(ArtifactKeys.Windows("a"), Token), 0, new CoordinationOptions().TasksInHand);
        await RequireRefusalAsync("HP6001", () => cluster.Job("a").ResumeAsync(Token));
    }

    [Fact]
    public async Task Pause_AtWork_LeasesNothingMoreUntilResumed()
    {
        var specification = SimulatedJobs.Specification(frames: 60, steps: 30);
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(specification), Token);
        await cluster.WaitAsync("a", view => view.Progress.SlowestStep >= 2, Token);
        await cluster.Job("a").PauseAsync(Token);
        await cluster.WaitForQuietAsync(Token);
        var paused = await cluster.Job("a").GetAsync(Token);
        Assert.True(paused is { IsPaused: true, State: JobStateView.Denoising });
        Assert.False((await cluster.Job("a").ResumeAsync(Token)).IsPaused);
        Assert.Equal(JobStateView.Succeeded, (await cluster.WaitForEndAsync("a", Token)).State);
        Assert.Equal((await SimulatedJobs.RunOnOneMachineAsync(specification, Token)).Latents, await cluster.FinalLatentsAsync("a", specification));
    }

    [Fact]
    public async Task Job_ModelThatNoWorkerHas_WaitsSaysSoAndFails()
    {
        var specification = SimulatedJobs.Specification(10, 2) with { Model = "0123456789abcdef" };
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(specification), Token);
        var waiting = await cluster.WaitAsync("a", view => view.Waiting is not null || view.HasEnded, Token);
        Assert.Contains("0123456789abcdef", waiting.Waiting ?? waiting.Failure?.Message);
        var failed = await cluster.WaitForEndAsync("a", Token);
        Assert.Equal((JobStateView.Failed, "HP6103"), (failed.State, failed.Failure?.Code));
        Assert.True(failed.Failure!.IsTransient);
    }

    [Fact]
    public async Task Job_AssetWithOtherContent_Fails()
    {
        var specification = SimulatedJobs.Specification(10, 2);
        var other = specification.Driving with { Sha256 = new string('0', 64) };
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(specification with { Driving = other }), Token);
        var failed = await cluster.WaitForEndAsync("a", Token);
        Assert.Equal((JobStateView.Failed, "HP5204", JobStateView.Preparing), (failed.State, failed.Failure?.Code, failed.Failure!.Stage));
    }

    [Fact]
    public async Task Tenant_WithAsManyJobsAsItMayHave_IsRefusedAnother()
    {
        var tenant = cluster.Host.Client.GetGrain<ITenantGrain>("studio");
        var limits = (await tenant.GetAsync(Token)).Limits;
        await tenant.SetLimitsAsync(limits with { MaximumActiveJobs = 1 }, Token);
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(Long), Token);
        await RequireRefusalAsync("HP6002", () => cluster.Job("b").SubmitAsync(SimulatedCluster.Submission(Long, "second"), Token));
        await cluster.Job("a").CancelAsync("", Token);
        await cluster.WaitForReleaseAsync("a", Token);
        Assert.Empty((await tenant.GetAsync(Token)).ActiveJobs);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task RequireRefusalAsync(string code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<RenderException>(call)).Code);
}
