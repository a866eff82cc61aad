using System.Collections.Immutable;

namespace HunyuanPortrait.Chaos.Faults;

/// <summary>Draws what is done to a cluster in a run: the same for the same seed and settings.</summary>
internal static class FaultSchedule
{
    private const int MinimumCount = 2;
    private const int MaximumCount = 5;
    private const int Attempts = 50;

    private static readonly ImmutableArray<FaultKind> Kills = [FaultKind.KillGpuSilo, FaultKind.KillControlSilo, FaultKind.KillCoordinator];

    /// <summary>
    /// Some faults in the order of time, at least one of them a kill. A silo is left alone until it has recovered, and of the control silos one is
    /// always running, so that the coordinator is somewhere.
    /// </summary>
    /// <exception cref="ArgumentException">The cluster has no silo of a role.</exception>
    public static ImmutableArray<Fault> Plan(int seed, FaultSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.ControlSilos, 1, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.GpuSilos, 1, nameof(settings));
        var random = new Random(seed);
        var kinds = Enum.GetValues<FaultKind>().Where(kind => kind != FaultKind.RefuseStore || settings.StoreOutage > TimeSpan.Zero).ToArray();
        var count = random.Next(MinimumCount, MaximumCount + 1);
        var faults = new List<Fault> { Draw(random, Kills[random.Next(Kills.Length)], settings) };
        for (var attempt = 0; attempt < Attempts && faults.Count < count; attempt++)
        {
            var fault = Draw(random, kinds[random.Next(kinds.Length)], settings);
            if (!faults.Any(other => Collide(other, fault, settings.Rest)))
                faults.Add(fault);
        }

        return [.. faults.OrderBy(fault => fault.At)];
    }

    private static Fault Draw(Random random, FaultKind kind, FaultSettings settings) => new(
        settings.Span * random.NextDouble(),
        kind,
        kind switch
        {
            FaultKind.KillGpuSilo or FaultKind.StopGpuSilo or FaultKind.PauseGpuSilo => random.Next(settings.GpuSilos),
            FaultKind.KillControlSilo or FaultKind.StopControlSilo or FaultKind.PauseControlSilo => random.Next(settings.ControlSilos),
            _ => 0,
        },
        kind switch
        {
            FaultKind.PauseGpuSilo or FaultKind.PauseControlSilo => settings.LeaseDuration * (1.5 + random.NextDouble()),
            FaultKind.RefuseStore => settings.StoreOutage,
            _ => settings.RestartDelay * (1 + 2 * random.NextDouble()),
        });

    private static bool Collide(Fault one, Fault other, TimeSpan rest) =>
        VictimOf(one) == VictimOf(other) && one.At <= other.At + other.Duration + rest && other.At <= one.At + one.Duration + rest;

    // Who has to recover: all control silos together, so that there is always one.
    private static (string Kind, int Number) VictimOf(Fault fault) => fault.Kind switch
    {
        FaultKind.KillGpuSilo or FaultKind.StopGpuSilo or FaultKind.PauseGpuSilo => ("gpu", fault.Silo),
        FaultKind.RestartRedis => ("redis", 0),
        FaultKind.RefuseStore => ("store", 0),
        _ => ("control", 0),
    };
}
