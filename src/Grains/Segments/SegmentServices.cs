using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace HunyuanPortrait.Grains.Segments;

/// <summary>What segments work with.</summary>
/// <param name="Store">Documents of jobs.</param>
/// <param name="Blender">Blends.</param>
/// <param name="History">Takes notes.</param>
/// <param name="Options">Times.</param>
public sealed record SegmentServices(
    IArtifactStore Store, ISegmentBlender Blender, IClusterHistory History, IOptions<CoordinationOptions> Options);
