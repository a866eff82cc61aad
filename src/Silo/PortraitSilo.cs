using System.Net;
using HunyuanPortrait.Core.Artifacts;
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
    /// <summary>
    /// A host for one silo, not started. The store is open already, because it says first whether another cluster uses it. Whatever is registered on the
    /// builder before it is built replaces a default: <see cref="TimeProvider"/>, <see cref="IClusterHistory"/>, <see cref="SiloDevices"/>.
    /// </summary>
    /// <param name="options">The silo; checked at once.</param>
    /// <param name="configure">Further registrations, before the defaults; null for none.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="OptionsValidationException">The options contradict themselves; every failure is listed.</exception>
    /// <exception cref="Core.Errors.RenderException">HP29xx, HP42xx: a model or the store cannot be used.</exception>
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
        builder.UseOrleans(silo => Configure(silo, options));
        return builder;
    }

    private static void Require(PortraitSiloOptions options)
    {
        IValidateOptions<PortraitSiloOptions>[] rules = [new PortraitSiloRanges(), new PortraitSiloRules()];
        var failures = rules.Select(rule => rule.Validate(null, options)).Where(result => result.Failed).SelectMany(result => result.Failures!).ToArray();
        if (failures.Length > 0)
            throw new OptionsValidationException("Silo", typeof(PortraitSiloOptions), failures);
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
            new WorkerOptions { ScratchFolder = options.ScratchFolder }));
        services.TryAddSingleton(provider => new SiloDevices([provider.GetRequiredService<TaskExecutor>()]));
    }

    private static void Configure(ISiloBuilder silo, PortraitSiloOptions options)
    {
        silo.AddRenderGrains(options.Roles);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ClusterId));
        if (options.FastFailureDetection)
        {
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
                membership.TableRefreshTimeout = membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            });
        }

        switch (options.Clustering)
        {
            case ClusteringKind.Localhost:
                silo.UseLocalhostClustering(
                    options.SiloPort, options.GatewayPort, options.PrimarySiloPort is { } primary ? new IPEndPoint(IPAddress.Loopback, primary) : null,
                    options.ClusterId, options.ClusterId);
                break;
            case ClusteringKind.Redis:
                silo.UseRedisClustering(redis => redis.ConfigurationOptions = ConfigurationOptions.Parse(options.Redis!));
                silo.ConfigureEndpoints(IPAddress.Loopback, options.SiloPort, options.GatewayPort);
                break;
            default:
                silo.UseRedisClustering(redis => redis.ConfigurationOptions = ConfigurationOptions.Parse(options.Redis!));
                silo.UseKubernetesHosting();
                break;
        }
    }
}
