using System.Globalization;
using System.Text;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Workers;
using HunyuanPortrait.Simulation;
using HunyuanPortrait.Simulation.Devices;
using HunyuanPortrait.Workers;
using HunyuanPortrait.Workers.Denoising;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;

namespace HunyuanPortrait.Benchmarks.Scaling;

/// <summary>One control silo and GPU silos with simulated devices in this process, with the product's own times.</summary>
internal sealed class ScalingCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster host;
    private readonly List<TaskExecutor> executors = [];

    private ScalingCluster(InProcessTestClusterBuilder builder) => host = builder.Build();

    /// <summary>Starts a cluster.</summary>
    /// <param name="gpuSilos">Devices.</param>
    /// <param name="cost">What their calls take.</param>
    /// <param name="store">Everything durable.</param>
    /// <param name="history">Sees what happens.</param>
    /// <param name="adjust">Further registrations of every silo; null for none.</param>
    public static async Task<ScalingCluster> StartAsync(
        int gpuSilos, SimulatedCost cost, IArtifactStore store, IClusterHistory history, Action<ISiloBuilder>? adjust = null)
    {
        var builder = new InProcessTestClusterBuilder((short)(1 + gpuSilos));
        List<TaskExecutor> executors = [];
        builder.ConfigureSilo((options, silo) =>
        {
            silo.Services.AddSingleton(store).AddSingleton(history).AddSingleton<ISegmentBlender>(new SegmentBlender(store));
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
            adjust?.Invoke(silo);

            // Silos are numbered in the order of their start.
            var isGpu = int.Parse(options.SiloName.Split('_')[^1], CultureInfo.InvariantCulture) > 0;
            if (isGpu)
            {
                var executor = new TaskExecutor(store, SimulatedJobs.Ports(cost), new WorkerOptions());
                lock (executors)
                    executors.Add(executor);
                silo.Services.AddSingleton(new SiloDevices([executor]));
            }

            silo.AddRenderGrains(isGpu ? SiloRoles.Gpu : SiloRoles.Control);
        });
        await SimulatedJobs.StoreAssetsAsync(store).ConfigureAwait(false);
        var cluster = new ScalingCluster(builder);
        await cluster.host.DeployAsync().ConfigureAwait(false);
        cluster.executors.AddRange(executors);
        return cluster;
    }

    public IGrainFactory Grains => host.Client;

    public IRenderJobGrain Job => Grains.GetGrain<IRenderJobGrain>("scaling");

    public Task<RenderJobView> SubmitAsync(JobSpecification specification) => Job.SubmitAsync(new JobSubmission
    {
        Tenant = "benchmark",
        ClientKey = "scaling",
        Specification = Encoding.UTF8.GetString(JobDocuments.Write(specification)),
    });

    public async Task<RenderJobView> WaitAsync(Func<RenderJobView, bool> condition, TimeSpan interval)
    {
        while (true)
        {
            var view = await Job.GetAsync().ConfigureAwait(false);
            if (condition(view))
                return view;
            if (view.HasEnded)
                throw new InvalidOperationException($"The job has ended as {view.State}: {view.Failure?.Code} {view.Failure?.Message}");
            await Task.Delay(interval).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync().ConfigureAwait(false);
        executors.ForEach(executor => executor.Dispose());
    }
}
