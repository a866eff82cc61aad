using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Grains.Tasks;
using Microsoft.Extensions.Options;

namespace HunyuanPortrait.Grains.Jobs;

/// <summary>What jobs work with.</summary>
/// <param name="Store">Documents, markers, results.</param>
/// <param name="Ledgers">Ledgers with records of their own.</param>
/// <param name="History">Takes notes.</param>
/// <param name="Clock">Tells times.</param>
/// <param name="Options">Times and limits.</param>
/// <param name="Retention">What stays of it.</param>
public sealed record JobServices(
    IArtifactStore Store, LedgerRecords Ledgers, IClusterHistory History, TimeProvider Clock, IOptions<CoordinationOptions> Options,
    IOptions<RetentionOptions> Retention);
