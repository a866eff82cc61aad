using HunyuanPortrait.Grains.Workers;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace HunyuanPortrait.Grains.Placement;

/// <summary>The grain lives on the silo that its key names.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OwnSiloPlacementAttribute() : PlacementAttribute(new OwnSiloPlacement());

/// <summary>The grain lives on the silo that its key names.</summary>
[GenerateSerializer, Immutable, Alias("hp.OwnSiloPlacement")]
public sealed class OwnSiloPlacement : PlacementStrategy;

/// <summary>Finds the silo, or says that it has gone.</summary>
public sealed class OwnSiloPlacementDirector : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var (silo, _) = GpuNames.Parse(target.GrainIdentity.Key.ToString()!);
        return context.GetCompatibleSilos(target).Contains(silo)
            ? Task.FromResult(silo)
            : throw new SiloUnavailableException($"The silo {silo} has left the cluster, and its devices with it.");
    }
}
