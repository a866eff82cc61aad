using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Interfaces.Tasks;
using Orleans.Concurrency;

namespace HunyuanPortrait.Grains.Interfaces.Segments;

/// <summary>
/// Owns the latents of some consecutive frames and the windows that begin there; the key is <c>job/segment</c>.
/// </summary>
[Alias("hp.ILatentSegmentGrain")]
public interface ILatentSegmentGrain : ITaskOwnerGrain
{
    /// <summary>Takes note that a window that touches this segment has been accepted at its home.</summary>
    [Alias("Contribute")]
    Task ContributeAsync(WindowContribution contribution, CancellationToken cancellationToken = default);

    /// <summary>The accepted result of a window that has its home here; null when there is none yet.</summary>
    [Alias("FindResult")]
    Task<WindowContribution?> FindResultAsync(int stepIndex, int window, CancellationToken cancellationToken = default);

    /// <summary>How far the segment is. Wakes it: it tells again what it may have told nobody.</summary>
    [Alias("Report")]
    Task<SegmentView> ReportAsync(CancellationToken cancellationToken = default);

    /// <summary>Blends the step in hand when all its windows are there; sent by the segment to itself.</summary>
    [Alias("Advance"), OneWay]
    Task AdvanceAsync();

    /// <summary>Forgets everything: the job has ended.</summary>
    [Alias("Discard")]
    Task DiscardAsync(CancellationToken cancellationToken = default);
}

/// <summary>The accepted result of a window.</summary>
[GenerateSerializer, Immutable, Alias("hp.WindowContribution")]
public sealed record WindowContribution
{
    /// <summary>The step.</summary>
    [Id(0)] public required int Step { get; init; }

    /// <summary>The window.</summary>
    [Id(1)] public required int Window { get; init; }

    /// <summary>The artifact.</summary>
    [Id(2)] public required string ResultKey { get; init; }

    /// <summary>Of its content, lower-case hexadecimal.</summary>
    [Id(3)] public required string Sha256 { get; init; }
}
