using System.Collections.Concurrent;
using System.Collections.Immutable;
using HunyuanPortrait.Chaos.Histories;

namespace HunyuanPortrait.Chaos.Running;

/// <summary>
/// Looks after the silos as whoever runs a cluster does: one that has ended is started again. A silo that the others have given up although nothing was
/// done to it (a machine with too much to do) is one more disturbance; one that ended for any other reason is a failure.
/// </summary>
internal sealed class SiloSupervisor(ClusterProcesses cluster, int slotsOfGpuSilo, TimeProvider clock)
{
    private const string Verdict = "I have been told I am dead";

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    // Between the first answer that stayed out and the end of the process its leases may have been given to others.
    private static readonly TimeSpan LongestVerdict = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<SiloName, bool> disturbed = [];
    private readonly ConcurrentDictionary<SiloName, Disturbance> noted = [];

    /// <summary>What becomes of this process is somebody else's business.</summary>
    public void LeaveAlone(SiloName silo) => disturbed[silo] = true;

    /// <summary>Watches until the run ends.</summary>
    /// <returns>What happened by itself.</returns>
    public async Task<ImmutableArray<Disturbance>> WatchAsync(CancellationToken ended)
    {
        try
        {
            while (true)
            {
                foreach (var silo in Ended())
                {
                    var name = silo.Name;
                    Note(silo);
                    await silo.StartAsync(name, ended);
                }

                await Task.Delay(LookInterval, clock, ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            foreach (var silo in Ended())
                Note(silo);
        }

        return [.. noted.Values];
    }

    private SiloSlot[] Ended() => [.. cluster.Control.Concat(cluster.Gpus).Where(silo => silo.HasEnded && !disturbed.ContainsKey(silo.Name))];

    private void Note(SiloSlot silo)
    {
        var name = silo.Name.ToString();
        var log = silo.Process.LogPath;
        var isGivenUp = File.ReadLines(log).Any(line => line.Contains(Verdict, StringComparison.Ordinal));
        var now = clock.GetTimestamp();
        noted[silo.Name] = new Disturbance($"{name} was given up", now - (long)(LongestVerdict.TotalSeconds * clock.TimestampFrequency), now)
        {
            Process = name,
            Slots = silo.Name.Role == SiloRole.Gpu ? slotsOfGpuSilo : null,
            Failure = isGivenUp ? null : $"{name} ended with {silo.Process.ExitCode} although nothing was done to it (log: {log})",
        };
    }
}
