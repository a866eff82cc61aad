using HunyuanPortrait.Grains.Tasks;

namespace HunyuanPortrait.Grains.Segments;

/// <summary>What a segment remembers.</summary>
[GenerateSerializer, Immutable, Alias("hp.SegmentState")]
public sealed record SegmentState
{
    /// <summary>Leases and accepted windows.</summary>
    [Id(0)] public LedgerState Ledger { get; init; } = new();

    /// <summary>Steps whose blended latents are stored.</summary>
    [Id(1)] public int CompletedSteps { get; init; }
}
