using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Grains.Interfaces.Dispatch;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Workers;
using HunyuanPortrait.Simulation;
using HunyuanPortrait.Workers;
using HunyuanPortrait.Workers.Artifacts;
using HunyuanPortrait.Workers.Denoising;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;

namespace HunyuanPortrait.Cluster.Tests.Clusters;

/// <summary>What a test wants of a cluster.</summary>
public sealed record ClusterPlan
{
    /// <summary>Silos with the role control.</summary>
    public int ControlSilos { get; init; } = 1;

    /// <summary>Silos with the role gpu.</summary>
    public int GpuSilos { get; init; } = 1;

    /// <summary>The device of a GPU silo, by its number.</summary>
    public Func<int, TaskPorts> Device { get; init; } = _ => SimulatedJobs.Ports();

    /// <summary>Changes times and limits.</summary>
    public Action<CoordinationOptions>? Coordination { get; init; }

    /// <summary>Changes what stays of ended jobs.</summary>
    public Action<RetentionOptions>? Retention { get; init; }

    /// <summary>Tells the time of day; timers run on the system's clock in any case.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>A cluster in this process: silos with roles on one store, devices that compute nothing but sums.</summary>
public sealed class SimulatedCluster : IAsyncDisposable
{
    private readonly ClusterPlan plan;
    private readonly List<TaskExecutor> executors = [];
    private int gpuSilos;

    private SimulatedCluster(ClusterPlan plan, IArtifactStore store, NotedHistory history)
    {
        (this.plan, Store, History) = (plan, store, history);
        var builder = new InProcessTestClusterBuilder((short)(plan.ControlSilos + plan.GpuSilos));
        builder.ConfigureSilo((options, silo) => Configure(options.SiloName, silo));
        Host = builder.Build();
    }

    public IArtifactStore Store { get; }

    public NotedHistory History { get; }

    public InProcessTestCluster Host { get; }

    public static async Task<SimulatedCluster> StartAsync(ClusterPlan plan, IArtifactStore? store = null, NotedHistory? history = null)
    {
        var cluster = new SimulatedCluster(plan, store ?? new MemoryArtifactStore(TimeProvider.System), history ?? new NotedHistory());
        await SimulatedJobs.StoreAssetsAsync(cluster.Store);
        await cluster.Host.DeployAsync();
        await cluster.WaitForManifestsAsync();
        return cluster;
    }

    // The client learns of the silos' grains from whichever silo it met first, and that one may not have met the others yet.
    private Task WaitForManifestsAsync()
    {
        var manifests = Host.Client.ServiceProvider.GetRequiredService<IClusterManifestProvider>();
        return PollAsync(() => Task.FromResult(manifests.Current.Silos.Count >= plan.ControlSilos + plan.GpuSilos), "the client to know all silos", CancellationToken.None);
    }

    private IGpuPoolGrain Pool => Host.Client.GetGrain<IGpuPoolGrain>("pool");

    public IRenderJobGrain Job(string id) => Host.Client.GetGrain<IRenderJobGrain>(id);

    public static JobSubmission Submission(JobSpecification specification, string key = "first", string tenant = "studio") => new()
    {
        Tenant = tenant,
        ClientKey = key,
        Specification = System.Text.Encoding.UTF8.GetString(JobDocuments.Write(specification)),
    };

    /// <summary>Waits for a state; says where the job is when that takes too long.</summary>
    public async Task<RenderJobView> WaitAsync(string job, Func<RenderJobView, bool> condition, CancellationToken cancellationToken, double seconds = 60)
    {
        RenderJobView view = null!;
        await PollAsync(async () => condition(view = await Job(job).GetAsync(cancellationToken)), $"job {job}", cancellationToken, seconds, () => view);
        return view;
    }

    public Task<RenderJobView> WaitForEndAsync(string job, CancellationToken cancellationToken) => WaitAsync(job, view => view.HasEnded, cancellationToken);

    /// <summary>Waits until nothing of an ended job is left to be done.</summary>
    public Task WaitForReleaseAsync(string job, CancellationToken cancellationToken) => PollAsync(
        async () => await Store.ReadAsync(ArtifactKeys.Active(job), cancellationToken) is null, $"job {job} to be released", cancellationToken);

    /// <summary>Waits until no worker has anything in hand.</summary>
    public Task WaitForQuietAsync(CancellationToken cancellationToken) => PollAsync(
        async () => (await Pool.GetAsync(cancellationToken)).Lanes.All(lane => lane.Leased == 0), "the workers to finish", cancellationToken);

    /// <summary>Waits until so many workers have made themselves known: a short job may end before the last silo is up.</summary>
    public Task WaitForWorkersAsync(int count, CancellationToken cancellationToken) => PollAsync(
        async () => (await Pool.GetAsync(cancellationToken)).Workers.Count == count, $"{count} workers", cancellationToken);

    /// <summary>Keys of everything in a folder.</summary>
    public async Task<string[]> KeysAsync(ArtifactKey folder, CancellationToken cancellationToken) =>
        await Store.ListAsync(folder, cancellationToken).Select(info => info.Key.Value).ToArrayAsync(cancellationToken);

    public async Task<int> CountAsync(ArtifactKey folder, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var _ in Store.ListAsync(folder, cancellationToken))
            count++;
        return count;
    }

    public async Task<float[]> FinalLatentsAsync(string job, JobSpecification specification)
    {
        var plan = new Core.Jobs.TaskPlan(specification.Shape(specification.FrameCount));
        var latents = new List<float>();
        for (var segment = 0; segment < plan.Segments.SegmentCount; segment++)
        {
            var key = ArtifactKeys.Latents(job, segment, plan.Shape.StepCount - 1);
            latents.AddRange(TensorArtifact.Read(key, (await Store.ReadAsync(key))!.Content.Span)[0].Values);
        }

        return [.. latents];
    }

    public async Task<byte[]> VideoAsync(RenderJobView view) => (await Store.ReadAsync(ArtifactKey.Parse(view.Video!)))!.Content.ToArray();

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        executors.ForEach(executor => executor.Dispose());
    }

    // Grains tell nobody outside when they change, so tests ask; the limit is for a test that would hang.
    public static async Task PollAsync(
        Func<Task<bool>> condition, string what, CancellationToken cancellationToken, double seconds = 60, Func<object?>? state = null)
    {
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        while (!await condition())
        {
            if (clock.GetElapsedTime(started).TotalSeconds > seconds)
                Assert.Fail($"Waited {seconds} s for {what}: {state?.Invoke()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancellationToken);
        }
    }

    private void Configure(string name, ISiloBuilder silo)
    {
        // Silos are numbered in the order of their start: control silos first.
        var isGpu = int.Parse(name.Split('_')[^1]) >= plan.ControlSilos;
        silo.Services.AddSingleton(Store);
        silo.Services.AddSingleton<IClusterHistory>(History);
        silo.Services.AddSingleton(plan.Clock);
        silo.Services.Configure(plan.Retention ?? (_ => { }));
        silo.Services.AddSingleton<ISegmentBlender>(new SegmentBlender(Store));
        silo.Services.Configure<CoordinationOptions>(options =>
        {
            options.SweepInterval = TimeSpan.FromMilliseconds(200);
            options.WakeInterval = TimeSpan.FromMilliseconds(300);
            options.PollDuration = TimeSpan.FromSeconds(1);
            options.LeaseDuration = TimeSpan.FromSeconds(3);
            plan.Coordination?.Invoke(options);
        });
        if (isGpu)
        {
            var executor = new TaskExecutor(Store, plan.Device(Interlocked.Increment(ref gpuSilos) - 1), new WorkerOptions());
            executors.Add(executor);
            silo.Services.AddSingleton(new SiloDevices([executor]));
        }

        silo.AddRenderGrains(isGpu ? SiloRoles.Gpu : SiloRoles.Control);
        silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
    }
}
