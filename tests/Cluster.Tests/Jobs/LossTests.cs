using HunyuanPortrait.Cluster.Tests.Clusters;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Grains.Interfaces.Dispatch;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Interfaces.Motion;
using HunyuanPortrait.Simulation;
using HunyuanPortrait.Simulation.Devices;
using HunyuanPortrait.Storage.Artifacts;
using HunyuanPortrait.Storage.Tests;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using Orleans.Streams.PubSub;

namespace HunyuanPortrait.Cluster.Tests.Jobs;

/// <summary>What dies and comes back changes no bit.</summary>
public sealed class LossTests
{
    private static readonly JobSpecification Specification = SimulatedJobs.Specification(frames: 100, steps: 8);

    [Theory, InlineData(0), InlineData(1), InlineData(3)]
    public async Task Job_SiloKilledAtWork_GoesOnAndGivesTheSameBytes(int killed)
    {
        // Silos 0 and 1 are control silos, 2 to 4 have devices.
        await using var cluster = await SimulatedCluster.StartAsync(new ClusterPlan { ControlSilos = 2, GpuSilos = 3, Device = _ => Slow() });
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(Specification), Token);
        await cluster.WaitAsync("a", view => view.Progress.SlowestStep >= 2, Token);
        await cluster.Host.KillSiloAsync(cluster.Host.Silos[killed], Token);
        await RequireSameBytesAsync(cluster, await cluster.WaitForEndAsync("a", Token));
    }

    [Fact]
    public async Task Job_WholeClusterRestarted_GoesOnByItself()
    {
        var store = new MemoryArtifactStore(TimeProvider.System);
        var history = new NotedHistory();
        await RunUntilAllSilosAreKilledAsync(store, history);
        await using var second = await SimulatedCluster.StartAsync(new ClusterPlan { GpuSilos = 2 }, store, history);
        await RequireSameBytesAsync(second, await second.WaitForEndAsync("a", Token));
    }

    [Fact]
    public async Task Job_WholeClusterRestartedOnADirectory_GoesOnByItself()
    {
        using var folder = new TemporaryFolder();
        var history = new NotedHistory();
        using (var store = await LocalArtifactStore.OpenAsync(folder.File("store"), "tests", Token))
            await RunUntilAllSilosAreKilledAsync(store, history);
        using var reopened = await LocalArtifactStore.OpenAsync(folder.File("store"), "tests", Token);
        await using var second = await SimulatedCluster.StartAsync(new ClusterPlan { GpuSilos = 2 }, reopened, history);
        await RequireSameBytesAsync(second, await second.WaitForEndAsync("a", Token));
    }

    [Fact]
    public async Task Job_ItsSiloAndThePoolsDieWhileNoWorkerAsks_IsWokenByTheSiloThatIsLeft()
    {
        await using var cluster = await SimulatedCluster.StartAsync(
            new ClusterPlan { ControlSilos = 3, GpuSilos = 0, Coordination = options => options.ModelTimeout = TimeSpan.FromSeconds(2) });
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(Specification), Token);
        var management = cluster.Host.Client.GetGrain<IManagementGrain>(0);
        SiloAddress[] hosts =
        [
            await management.GetActivationAddress(cluster.Job("a"), Token) ?? throw new InvalidOperationException("The job is nowhere."),
            await management.GetActivationAddress(cluster.Host.Client.GetGrain<IGpuPoolGrain>("pool"), Token) ?? throw new InvalidOperationException("The pool is nowhere."),
        ];
        foreach (var silo in cluster.Host.Silos.Where(silo => hosts.Contains(silo.SiloAddress)).ToArray())
            await cluster.Host.KillSiloAsync(silo, Token);

        // Nobody calls: asking for the job would wake it.
        await cluster.WaitForReleaseAsync("a", Token);
        Assert.Equal("HP6103", (await cluster.Job("a").GetAsync(Token)).Failure?.Code);
    }

    [Fact]
    public async Task Job_GpuSilosThatLoseTheirStream_ReadTheTokensAndGiveTheSameBytes()
    {
        await using var cluster = await SimulatedCluster.StartAsync(new ClusterPlan
        {
            GpuSilos = 2,
            Device = _ => SimulatedJobs.Ports(new SimulatedCost(Window: TimeSpan.FromMilliseconds(5), MotionGroup: TimeSpan.FromMilliseconds(200))),
        });
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(Specification), Token);
        var streams = cluster.Host.Silos[0].ServiceProvider.GetRequiredKeyedService<IStreamProvider>(MotionStreams.Provider);
        Assert.True(streams.TryGetStreamSubscriptionManager(out var subscriptions));
        var stream = StreamId.Create(MotionStreams.Namespace, "a");
        await SimulatedCluster.PollAsync(
            async () => (await subscriptions.GetSubscriptions(MotionStreams.Provider, stream)).Count() == 2, "two subscriptions", Token);
        foreach (var subscription in await subscriptions.GetSubscriptions(MotionStreams.Provider, stream))
            await subscriptions.RemoveSubscription(MotionStreams.Provider, stream, subscription.SubscriptionId);
        await RequireSameBytesAsync(cluster, await cluster.WaitForEndAsync("a", Token));
    }

    [Fact]
    public async Task Job_TaskThatTakesFarTooLong_IsHelpedByAnotherWorker()
    {
        var (windows, stalls) = (0, 0);
        await using var cluster = await SimulatedCluster.StartAsync(new ClusterPlan
        {
            GpuSilos = 2,
            Device = device => SimulatedJobs.Ports(new SimulatedCost
            {
                OnWindow = stop =>
                {
                    // Once it is known what windows take, the first device never comes back from one, but renews its lease.
                    if (Interlocked.Increment(ref windows) > 12 && device == 0 && Interlocked.Increment(ref stalls) == 1)
                        stop.WaitHandle.WaitOne();
                    stop.WaitHandle.WaitOne(5);
                },
            }),
            Coordination = options => (options.HelpStragglers, options.LeaseDuration, options.DrainGrace) =
                (true, TimeSpan.FromMinutes(10), TimeSpan.FromMilliseconds(100)),
        });
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(Specification), Token);
        await RequireSameBytesAsync(cluster, await cluster.WaitForEndAsync("a", Token));
        Assert.True(stalls > 0);
    }

    [Fact]
    public async Task Job_WorkerOfAnotherDeviceClass_GetsNoneOfItsTasks()
    {
        await using var cluster = await SimulatedCluster.StartAsync(new ClusterPlan
        {
            GpuSilos = 3,
            Device = device => SimulatedJobs.Ports(new SimulatedCost(Window: TimeSpan.FromMilliseconds(2)), device == 1 ? "another" : "simulated"),
        });
        await cluster.WaitForWorkersAsync(3, Token);
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(Specification with { DeviceClass = "simulated" }), Token);
        await RequireSameBytesAsync(cluster, await cluster.WaitForEndAsync("a", Token));
        var pool = await cluster.Host.Client.GetGrain<IGpuPoolGrain>("pool").GetAsync(Token);
        var classes = pool.Workers.ToDictionary(worker => worker.Profile.Worker, worker => worker.Profile.DeviceClass);
        Assert.Equal(["another", "simulated", "simulated"], classes.Values.Order(StringComparer.Ordinal));
        Assert.All(
            cluster.History.Entries.Where(entry => entry.Kind == HistoryKind.Complete), entry => Assert.Equal("simulated", classes[entry.Actor]));
    }

    [Fact]
    public async Task Job_GpuSiloThatJoinsLate_TakesPartAndGivesTheSameBytes()
    {
        await using var cluster = await SimulatedCluster.StartAsync(new ClusterPlan { GpuSilos = 1, Device = _ => Slow() });
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(Specification), Token);
        await cluster.WaitAsync("a", view => view.Progress.SlowestStep >= 2, Token);
        var late = await cluster.Host.StartAdditionalSiloAsync();
        await RequireSameBytesAsync(cluster, await cluster.WaitForEndAsync("a", Token));
        var worker = late.SiloAddress.ToParsableString() + "/0";
        Assert.Contains(cluster.History.Entries, entry => entry.Kind == HistoryKind.Complete && entry.Actor == worker);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Job_GpuSiloLeaves_NoOwnerIsActivatedAgain(bool isKilled)
    {
        await using var cluster = await SimulatedCluster.StartAsync(new ClusterPlan { ControlSilos = 1, GpuSilos = 3, Device = _ => Slow() });
        var specification = SimulatedJobs.Specification(frames: 300, steps: 4);
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(specification), Token);
        await cluster.WaitAsync("a", view => view.Progress.SlowestStep >= 1, Token);
        await (isKilled ? cluster.Host.KillSiloAsync(cluster.Host.Silos[3], Token) : cluster.Host.StopSiloAsync(cluster.Host.Silos[3], Token));
        Assert.Equal(JobStateView.Succeeded, (await cluster.WaitForEndAsync("a", Token)).State);
        var incarnations = cluster.History.Entries.Where(entry => entry.Kind == HistoryKind.Lease && entry.Epoch != 0)
            .Select(entry => new LeaseEpoch(entry.Epoch).Incarnation);
        Assert.All(incarnations, incarnation => Assert.Equal(1, incarnation));
    }

    [Fact]
    public async Task Job_GpuSiloStoppedInPeace_FinishesWhatItHasInHand()
    {
        await using var cluster = await SimulatedCluster.StartAsync(new ClusterPlan { GpuSilos = 2, Device = _ => Slow() });
        await cluster.Job("a").SubmitAsync(SimulatedCluster.Submission(Specification), Token);
        await cluster.WaitAsync("a", view => view.Progress.SlowestStep >= 1, Token);
        await cluster.Host.StopSiloAsync(cluster.Host.Silos[2], Token);
        await RequireSameBytesAsync(cluster, await cluster.WaitForEndAsync("a", Token));
        Assert.DoesNotContain(cluster.History.Entries, entry => entry.Kind == HistoryKind.Refuse);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static HunyuanPortrait.Workers.TaskPorts Slow() => SimulatedJobs.Ports(new SimulatedCost(Window: TimeSpan.FromMilliseconds(15)));

    private static async Task RunUntilAllSilosAreKilledAsync(IArtifactStore store, NotedHistory history)
    {
        await using var first = await SimulatedCluster.StartAsync(new ClusterPlan { GpuSilos = 2, Device = _ => Slow() }, store, history);
        await first.Job("a").SubmitAsync(SimulatedCluster.Submission(Specification), Token);
        await first.WaitAsync("a", view => view.Progress.SlowestStep >= 3, Token);
        foreach (var silo in first.Host.Silos.ToArray())
            await first.Host.KillSiloAsync(silo, Token);
    }

    private static async Task RequireSameBytesAsync(SimulatedCluster cluster, RenderJobView view)
    {
        var expected = await SimulatedJobs.RunOnOneMachineAsync(Specification, Token);
        Assert.True(view.State == JobStateView.Succeeded, $"{view.State}: {view.Failure}");
        Assert.Equal(expected.Latents, await cluster.FinalLatentsAsync("a", Specification));
        Assert.Equal(expected.Video, await cluster.VideoAsync(view));
        cluster.History.RequireExactlyOnce("a", new TaskPlan(Specification.Shape(100)));
    }
}
