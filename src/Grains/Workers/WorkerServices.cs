using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace HunyuanPortrait.Grains.Workers;

/// <summary>What workers work with.</summary>
/// <param name="Grains">Reaches pool and owners.</param>
/// <param name="History">Takes notes.</param>
/// <param name="Clock">Tells times.</param>
/// <param name="Options">Times and limits.</param>
public sealed record WorkerServices(IGrainFactory Grains, IClusterHistory History, TimeProvider Clock, IOptions<CoordinationOptions> Options);

/// <summary>The devices of a silo; none on a silo that is no GPU silo.</summary>
/// <param name="Executors">One a device.</param>
public sealed record SiloDevices(IReadOnlyList<ITaskExecutor> Executors);
