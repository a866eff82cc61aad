using HunyuanPortrait.Grains.Interfaces.Tasks;
using Orleans.Concurrency;

namespace HunyuanPortrait.Grains.Interfaces.Gpus;

/// <summary>One device; the key is <c>silo/device</c>, and it lives on that silo. Holds nothing that matters.</summary>
[Alias("hp.IGpuGrain")]
public interface IGpuGrain : IGrainWithStringKey
{
    // Longer than any grace period.
    private const string LongestDrain = "01:05:00";

    /// <summary>Begins to lease. A device that leases already goes on.</summary>
    [Alias("Start")]
    Task StartAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops leasing and waits until what is in hand is finished; hands it back when the grace period ends first.</summary>
    [Alias("Drain"), AlwaysInterleave, ResponseTimeout(LongestDrain)]
    Task DrainAsync(TimeSpan grace, CancellationToken cancellationToken = default);

    /// <summary>How the device is.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<GpuView> GetAsync(CancellationToken cancellationToken = default);
}

/// <summary>How a device is.</summary>
[GenerateSerializer, Immutable, Alias("hp.GpuView")]
public sealed record GpuView
{
    /// <summary>The worker's name.</summary>
    [Id(0)] public required string Worker { get; init; }

    /// <summary>The kind of processor.</summary>
    [Id(1)] public required string DeviceClass { get; init; }

    /// <summary>Whether it asks for work.</summary>
    [Id(2)] public required bool IsLeasing { get; init; }

    /// <summary>Models that are loaded and have run.</summary>
    [Id(3)] public required IReadOnlyList<string> WarmModels { get; init; }

    /// <summary>What it computes now.</summary>
    [Id(4)] public required IReadOnlyList<TaskName> InHand { get; init; }

    /// <summary>Results that were accepted since the silo started.</summary>
    [Id(5)] public required long Accepted { get; init; }

    /// <summary>Results that were refused since the silo started.</summary>
    [Id(6)] public required long Refused { get; init; }
}
