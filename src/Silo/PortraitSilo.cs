using System.Net;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Grains.Workers;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Inference.Sessions;
using HunyuanPortrait.Media.Faces.Detection;
using HunyuanPortrait.Rendering.Sources;
using HunyuanPortrait.Storage.Artifacts;
using HunyuanPortrait.Storage.Azure;
using HunyuanPortrait.Workers;
using HunyuanPortrait.Workers.Denoising;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using StackExchange.Redis;

namespace HunyuanPortrait.Silo;

/// <summary>Puts a silo together: the only place that sees every adapter.</summary>
public static class PortraitSilo
{
    private static readonly TimeSpan SiloStopTime = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A host for one silo, not started. The store is open already, because it says first whether another cluster uses it. Whatever is registered on the
    /// builder before it is built replaces a default: <see cref="TimeProvider"/>, <see cref="IClusterHistory"/>, <see cref="SiloDevices"/>.
    /// </summary>
    /// <param name="options">The silo; checked at once.</param>
    /// <param name="configure">Further registrations, before the defaults; null for none.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="RenderException">
    /// HP3201: the options cannot be used, and why; HP42xx: the store cannot be used; HP62xx: Redis does not answer, or a port is taken.
    /// </exception>
    public static async Task<HostApplicationBuilder> CreateBuilderAsync(
        PortraitSiloOptions options, Action<IServiceCollection>? configure = null, CancellationToken cancellationToken = default)
    {
        Require(options);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        configure?.Invoke(builder.Services);
        var store = await OpenStoreAsync(options, cancellationToken).ConfigureAwait(false);
        builder.Services.TryAddSingleton<IArtifactStore>(_ => store);
        builder.Services.TryAddSingleton<ISegmentBlender, SegmentBlender>();
        if (options.Roles.HasFlag(SiloRoles.Gpu))
            AddDevices(builder.Services, options);
        var membership = options.Clustering == ClusteringKind.Localhost ? null : await SiloMembership.ConnectAsync(options.Redis!).ConfigureAwait(false);
        SiloMembership.RequireFreePorts(options);
        builder.UseOrleans(silo => Configure(silo, options, membership));
        KeepShutdownLongerThanDraining(builder.Services);
        return builder;
    }

    /// <summary>The refusal behind a failed start: what a user can act on is often wrapped by whoever runs the parts of a silo.</summary>
    /// <returns>Null when it is no refusal.</returns>
    public static RenderException? RefusalIn(Exception failure) => failure switch
    {
        RenderException refusal => refusal,
        AggregateException several => several.InnerExceptions.Select(RefusalIn).FirstOrDefault(refusal => refusal is not null),
        _ => failure.InnerException is { } inner ? RefusalIn(inner) : null,
    };

    /// <summary>What a silo is, for the line that it begins with.</summary>
    public static string Describe(PortraitSiloOptions options) =>
        $"{options.Roles} in cluster {options.ClusterId} ({options.Clustering}), silo port {options.SiloPort}, gateway port {options.GatewayPort}";

    private static void Require(PortraitSiloOptions options)
    {
        var failures = PortraitSiloRules.Failures(options).ToArray();
        if (failures.Length > 0)
            throw SiloErrors.InvalidOptions(failures);
    }

    private static async Task<IArtifactStore> OpenStoreAsync(PortraitSiloOptions options, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(options.AzureConnection)
            ? await LocalArtifactStore.OpenAsync(options.Directory!, options.ClusterId, cancellationToken).ConfigureAwait(false)
            : await AzureArtifactStore.OpenAsync(
                new AzureStoreOptions(options.AzureConnection, options.AzureContainer) { ServiceVersion = options.AzureServiceVersion },
                cancellationToken).ConfigureAwait(false);

    private static void AddDevices(IServiceCollection services, PortraitSiloOptions options)
    {
        services.TryAddSingleton(_ => new DeviceModels(
            options.Models, new DeviceOptions { Provider = options.Provider, DeviceId = options.DeviceId, IntraOpThreads = options.Threads }));

        // The face networks are small and made for the CPU, wherever the model runs.
        services.TryAddSingleton(_ => FaceApiDetector.Load(
            new OnnxNetworkLoader(new DeviceOptions { IntraOpThreads = options.Threads }), FaceNetworks.Folder));
        services.TryAddSingleton(provider => new TaskExecutor(
            provider.GetRequiredService<IArtifactStore>(),
            new TaskPorts(
                provider.GetRequiredService<DeviceModels>(), new PortraitSource(provider.GetRequiredService<FaceApiDetector>()),
                new DrivingSource(provider.GetRequiredService<FaceApiDetector>()), new ClipWriter()),
            new WorkerOptions { ScratchFolder = options.ScratchFolder }, provider.GetRequiredService<IClusterHistory>()));
        services.TryAddSingleton(provider => new SiloDevices([provider.GetRequiredService<TaskExecutor>()]));
    }

    private static void Configure(ISiloBuilder silo, PortraitSiloOptions options, IConnectionMultiplexer? membership)
    {
        silo.AddRenderGrains(options.Roles);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ClusterId));
        if (options.FastFailureDetection)
            silo.Configure<ClusterMembershipOptions>(SiloMembership.DetectFailuresFast);
        if (membership is null)
        {
            silo.UseLocalhostClustering(
                options.SiloPort, options.GatewayPort, options.PrimarySiloPort is { } primary ? new IPEndPoint(IPAddress.Loopback, primary) : null,
                options.ClusterId, options.ClusterId);
            return;
        }

        silo.UseRedisClustering(redis => (redis.ConfigurationOptions, redis.CreateMultiplexer) =
            (ConfigurationOptions.Parse(options.Redis!), _ => Task.FromResult((membership, true))));
        if (options.Clustering == ClusteringKind.Kubernetes)
            silo.UseKubernetesHosting().Configure<EndpointOptions>(endpoints => (endpoints.SiloPort, endpoints.GatewayPort) = (options.SiloPort, options.GatewayPort));
        else
            silo.Configure<EndpointOptions>(endpoints => SiloMembership.Listen(endpoints, options));
    }

    // Whoever ends a silo waits until its devices have finished, and then for the silo.
    private static void KeepShutdownLongerThanDraining(IServiceCollection services) => services.AddOptions<HostOptions>()
        .Configure<IOptions<CoordinationOptions>>((host, coordination) => host.ShutdownTimeout = coordination.Value.DrainGrace + SiloStopTime);
}
