using System.Globalization;
using System.Security.Cryptography;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Jobs;
using HunyuanPortrait.Rendering.Jobs;
using HunyuanPortrait.Silo.Local;
using HunyuanPortrait.Storage.Artifacts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using StackExchange.Redis;

namespace HunyuanPortrait.Silo.Remote;

/// <summary>Where a cluster of other processes is.</summary>
/// <param name="ClusterId">Its name.</param>
/// <param name="Redis">Its table of members.</param>
/// <param name="StoreDirectory">The directory that it keeps everything in, and that this process reaches, too.</param>
public sealed record ClusterAddress(string ClusterId, string Redis, string StoreDirectory);

/// <summary>
/// A cluster of other processes, for one render: a client that asks again while silos come and go. Disposing cancels a job that has not ended, because
/// nobody waits for it any more.
/// </summary>
public sealed class RemoteCluster : ILocalCluster
{
    private const string Tenant = "local";
    private const int ConnectionAttempts = 20;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    private readonly IHost host;
    private readonly LocalArtifactStore directory;
    private readonly RefusalWatch store;
    private IRenderJobGrain? unfinished;

    private RemoteCluster(IHost host, LocalArtifactStore directory)
    {
        (this.host, this.directory) = (host, directory);
        store = new RefusalWatch(directory);
    }

    /// <inheritdoc/>
    public IArtifactStore Store => store;

    /// <inheritdoc/>
    public Task<RenderException> StoreRefusal => store.Refusal;

    /// <summary>How a render gets to a cluster. Nothing is loaded here: silos have their own models and sources.</summary>
    public static StartLocalCluster At(ClusterAddress address) => (_, cancellationToken) => ConnectAsync(address, cancellationToken);

    /// <inheritdoc/>
    public async Task<JobStanding> SubmitAsync(JobSpecification job, CancellationToken cancellationToken)
    {
        var content = Convert.ToHexStringLower(SHA256.HashData(JobDocuments.Write(job)));
        for (var attempt = 1; ; attempt++)
        {
            var submission = JobSubmissions.Of(
                new JobTerms(Tenant, ClientKey: string.Create(CultureInfo.InvariantCulture, $"{content}-{attempt}")), job);
            var grain = host.Services.GetRequiredService<IGrainFactory>().JobOf(submission);
            var view = await RepeatAsync(() => grain.SubmitAsync(submission, cancellationToken), cancellationToken).ConfigureAwait(false);

            // A run before this one failed or was left: what failed it may have changed.
            if (view.State is JobStateView.Failed or JobStateView.Cancelled)
                continue;
            unfinished = view.HasEnded ? null : grain;
            return LocalCluster.StandingOf(view);
        }
    }

    /// <inheritdoc/>
    public async Task<JobStanding> GetAsync(string job, CancellationToken cancellationToken)
    {
        var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRenderJobGrain>(job);
        var view = await RepeatAsync(() => grain.GetAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        if (view.HasEnded)
            unfinished = null;
        return LocalCluster.StandingOf(view);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (unfinished is not null)
            await CancelAsync(unfinished).ConfigureAwait(false);
        await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        host.Dispose();
        directory.Dispose();
    }

    private static async Task<ILocalCluster> ConnectAsync(ClusterAddress address, CancellationToken cancellationToken)
    {
        var directory = await LocalArtifactStore.OpenAsync(address.StoreDirectory, address.ClusterId, cancellationToken).ConfigureAwait(false);
        var membership = await SiloMembership.ConnectAsync(address.Redis).ConfigureAwait(false);
        var host = Client(address, membership);
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            return new RemoteCluster(host, directory);
        }
        catch (Exception failure)
        {
            host.Dispose();
            directory.Dispose();
            if (failure is OperationCanceledException && cancellationToken.IsCancellationRequested)
                throw;
            throw SiloErrors.ClusterUnavailable(address.ClusterId, failure);
        }
    }

    private static IHost Client(ClusterAddress address, IConnectionMultiplexer membership)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var attempts = 0;
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (address.ClusterId, address.ClusterId))
            .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout)
            .UseConnectionRetryFilter(async (_, token) =>
            {
                await Task.Delay(RetryPause, TimeProvider.System, token).ConfigureAwait(false);
                return ++attempts < ConnectionAttempts;
            })
            .UseRedisClustering(redis => (redis.ConfigurationOptions, redis.CreateMultiplexer) =
                (ConfigurationOptions.Parse(address.Redis), _ => Task.FromResult((membership, true)))));
        return builder.Build();
    }

    private static async Task CancelAsync(IRenderJobGrain job)
    {
        try
        {
            await job.CancelAsync("Its client has gone.").ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RenderException or TimeoutException or OrleansException or OperationCanceledException)
        {
            // It has just ended, or the cluster has.
        }
    }

    // Silos that go are seen as time-outs, rejections and cancellations of somebody else.
    private static async Task<T> RepeatAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is not RenderException { IsTransient: false } && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(RetryPause, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
