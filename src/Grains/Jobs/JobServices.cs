using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace HunyuanPortrait.Grains.Jobs;

/// <summary>What jobs work with.</summary>
/// <param name="Store">Documents, markers, results.</param>
/// <param name="History">Takes notes.</param>
/// <param name="Clock">Tells times.</param>
/// <param name="Options">Times and limits.</param>
public sealed record JobServices(IArtifactStore Store, IClusterHistory History, TimeProvider Clock, IOptions<CoordinationOptions> Options);
