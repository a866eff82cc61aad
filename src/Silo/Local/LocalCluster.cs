using System.Globalization;
using System.Security.Cryptography;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Jobs;
using HunyuanPortrait.Grains.Workers;
using HunyuanPortrait.Rendering.Jobs;
using HunyuanPortrait.Storage.Artifacts;
using HunyuanPortrait.Workers;
using HunyuanPortrait.Workers.Denoising;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HunyuanPortrait.Silo.Local;

/// <summary>One silo with both roles on a local directory, which listens on no port and talks to nobody: the cluster of <c>portrait render</c>.</summary>
public sealed class LocalCluster : ILocalCluster
{
    private const string Tenant = "local";
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private readonly IHost host;
    private readonly TaskExecutor executor;
    private readonly LocalArtifactStore directory;
    private readonly RefusalWatch store;

    private LocalCluster(LocalClusterSettings settings, LocalArtifactStore directory)
    {
        this.directory = directory;
        store = new RefusalWatch(directory);
        executor = new TaskExecutor(
            store, new TaskPorts(settings.Models, settings.Portraits, settings.Driving, settings.Clips),
            new WorkerOptions { ScratchFolder = settings.ScratchFolder });
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton<IArtifactStore>(store);
        builder.Services.AddSingleton<ISegmentBlender, SegmentBlender>();
        builder.Services.AddSingleton(new SiloDevices([executor]));
        builder.Services.Configure<CoordinationOptions>(Configure);
        builder.UseOrleans(silo => silo.AddRenderGrains(SiloRoles.Control | SiloRoles.Gpu).UseLocalhostClustering(gatewayPort: 0).ListenNowhere());
        host = builder.Build();
    }

    /// <inheritdoc/>
    public IArtifactStore Store => store;

    /// <inheritdoc/>
    public Task<RenderException> StoreRefusal => store.Refusal;

    /// <inheritdoc cref="StartLocalCluster"/>
    public static async Task<ILocalCluster> StartAsync(Func<LocalClusterSettings> load, CancellationToken cancellationToken)
    {
        var settings = load();

        // A cluster of its own each time, so that two processes on one directory are told of each other.
        var name = string.Create(CultureInfo.InvariantCulture, $"{Tenant}-{Guid.NewGuid():N}");
        var directory = await LocalArtifactStore.OpenAsync(settings.StoreDirectory, name, cancellationToken).ConfigureAwait(false);
        var cluster = new LocalCluster(settings, directory);
        try
        {
            // Not cancelled half-way: a silo that has started can be stopped.
            await cluster.host.StartAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<JobStanding> SubmitAsync(JobSpecification job, CancellationToken cancellationToken)
    {
        var content = Convert.ToHexStringLower(SHA256.HashData(JobDocuments.Write(job)));
        for (var attempt = 1; ; attempt++)
        {
            var submission = JobSubmissions.Of(
                new JobTerms(Tenant, ClientKey: string.Create(CultureInfo.InvariantCulture, $"{content}-{attempt}")), job);
            var grain = Grains.JobOf(submission);
            await PauseOthersAsync(grain.GetPrimaryKeyString(), cancellationToken).ConfigureAwait(false);
            var view = await grain.SubmitAsync(submission, cancellationToken).ConfigureAwait(false);

            // A run before this one failed: what failed it may have changed.
            if (view.State is JobStateView.Failed or JobStateView.Cancelled)
                continue;
            return StandingOf(view.IsPaused ? await grain.ResumeAsync(cancellationToken).ConfigureAwait(false) : view);
        }
    }

    /// <inheritdoc/>
    public async Task<JobStanding> GetAsync(string job, CancellationToken cancellationToken) =>
        StandingOf(await Grains.GetGrain<IRenderJobGrain>(job).GetAsync(cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(StopPatience);
        await host.StopAsync(patience.Token).ConfigureAwait(false);
        host.Dispose();
        executor.Dispose();
        directory.Dispose();
    }

    private IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    // Nobody else can take over what is in hand, and nobody waits for what is stopped.
    private static void Configure(CoordinationOptions options)
    {
        options.LeaseDuration = TimeSpan.FromMinutes(5);
        options.SweepInterval = TimeSpan.FromMilliseconds(500);
        options.ModelTimeout = TimeSpan.FromSeconds(10);
        options.MaximumAttempts = 2;
        options.DrainGrace = TimeSpan.Zero;
    }

    /// <summary>What earlier runs left in the store waits until their commands are run again.</summary>
    private async Task PauseOthersAsync(string own, CancellationToken cancellationToken)
    {
        await foreach (var marker in store.ListAsync(ArtifactKeys.ActiveJobs, cancellationToken).ConfigureAwait(false))
        {
            var other = marker.Key.Value[(ArtifactKeys.ActiveJobs.Value.Length + 1)..];
            if (other == own)
                continue;
            try
            {
                await Grains.GetGrain<IRenderJobGrain>(other).PauseAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (RenderException refusal) when (!refusal.IsTransient)
            {
                // It has ended, or it never came further than its marker: there is nothing to pause.
            }
        }
    }

    internal static JobStanding StandingOf(RenderJobView view) => new(
        view.Job, (JobState)view.State,
        view.Failure is { } failure ? new JobFailure(failure.Code, (JobState)failure.Stage, failure.Message, failure.IsTransient) : null,
        view.Progress.CompletedTasks, view.Progress.CompletedWindows, view.Progress.SlowestStep, view.Video);
}
