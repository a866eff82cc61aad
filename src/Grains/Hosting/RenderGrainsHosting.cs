using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Grains.Dispatch;
using HunyuanPortrait.Grains.Interfaces.Motion;
using HunyuanPortrait.Grains.Jobs;
using HunyuanPortrait.Grains.Motion;
using HunyuanPortrait.Grains.Placement;
using HunyuanPortrait.Grains.Segments;
using HunyuanPortrait.Grains.Storage;
using HunyuanPortrait.Grains.Tasks;
using HunyuanPortrait.Grains.Tenants;
using HunyuanPortrait.Grains.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Storage;

namespace HunyuanPortrait.Grains.Hosting;

/// <summary>What a silo does.</summary>
[Flags]
public enum SiloRoles
{
    /// <summary>Nothing; not a silo.</summary>
    None = 0,

    /// <summary>Jobs, segments, the pool, tenants.</summary>
    Control = 1,

    /// <summary>Devices.</summary>
    Gpu = 2,
}

/// <summary>Registers the grains.</summary>
public static class RenderGrainsHosting
{
    private static readonly Type[] ControlGrains =
        [typeof(RenderJobGrain), typeof(LatentSegmentGrain), typeof(GpuPoolGrain), typeof(MotionTrackGrain), typeof(TenantGrain)];

    private static readonly Type[] GpuGrains = [typeof(GpuGrain)];

    /// <summary>
    /// Adds the grains of a silo's roles. The host provides <see cref="Core.Artifacts.IArtifactStore"/>, on control silos
    /// <see cref="ISegmentBlender"/>, on GPU silos <see cref="SiloDevices"/>.
    /// </summary>
    public static ISiloBuilder AddRenderGrains(this ISiloBuilder silo, SiloRoles roles)
    {
        var services = silo.Services;
        services.AddOptionsWithValidateOnStart<CoordinationOptions, CoordinationOptionsValidator>();
        services.AddOptionsWithValidateOnStart<RetentionOptions, RetentionOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IClusterHistory, NoHistory>();
        services.TryAddSingleton(new SiloDevices([]));
        services.TryAddSingleton<LedgerRecords>();
        services.TryAddSingleton<JobServices>();
        services.TryAddSingleton<SegmentServices>();
        services.TryAddSingleton<WorkerServices>();
        services.AddKeyedSingleton<IGrainStorage>(
            ArtifactGrainStorage.Name, (provider, _) => ActivatorUtilities.CreateInstance<ArtifactGrainStorage>(provider));
        services.AddPlacementDirector<OwnSiloPlacement, OwnSiloPlacementDirector>();
        KeepActivationsWhereTheyAre(silo);
        silo.AddMemoryStreams(MotionStreams.Provider).AddMemoryGrainStorage("PubSubStore");
        Offer(services, roles);
        if (roles.HasFlag(SiloRoles.Gpu))
            services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, DeviceLifecycle>();
        if (roles.HasFlag(SiloRoles.Control))
            AddControl(services);
        return silo;
    }

    /// <summary>
    /// Orleans' default directory has a part on every silo, and ends all activations that were registered with a silo that leaves: with a GPU silo every
    /// owner of its part would go, with the leases that it had opened. The distributed one hands its entries over. It would make a dead silo's grains wait,
    /// because there might be two of one; owners do not mind (ADR 0010), so nobody waits.
    /// </summary>
    private static void KeepActivationsWhereTheyAre(ISiloBuilder silo)
    {
        silo.AddDistributedGrainDirectory();
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
    }

    private static void AddControl(IServiceCollection services)
    {
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, PoolLifecycle>();
        services.AddSingleton<RetentionLifecycle>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<RetentionLifecycle>());
    }

    /// <summary>A silo offers only the grains of its roles, so no placement rule can bring another one there.</summary>
    private static void Offer(IServiceCollection services, SiloRoles roles) => services.Configure<GrainTypeOptions>(options =>
    {
        if (!roles.HasFlag(SiloRoles.Control))
            options.Classes.ExceptWith(ControlGrains);
        if (!roles.HasFlag(SiloRoles.Gpu))
            options.Classes.ExceptWith(GpuGrains);
    });
}
