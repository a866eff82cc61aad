using HunyuanPortrait.Grains.Tasks;

namespace HunyuanPortrait.Grains.Segments;

/// <summary>What a segment remembers; how many steps it has completed is what latents there are.</summary>
[GenerateSerializer, Immutable, Alias("hp.SegmentState")]
public sealed record SegmentState
{
    /// <summary>Leases and accepted windows.</summary>
    [Id(0)] public LedgerState Ledger { get; init; } = new();
}
