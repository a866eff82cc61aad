using System.Collections.Concurrent;
using System.Collections.Immutable;
using HunyuanPortrait.Chaos.Histories;
using HunyuanPortrait.Cli.Processes;

namespace HunyuanPortrait.Chaos.Running;

/// <summary>
/// Looks after the silos as whoever runs a cluster does: one that has ended is started again. A silo that the others have given up (on a machine with too
/// much to do, or a while after it stood still: until it is told it goes on leasing) is one more disturbance; one that ended for any other reason is a
/// failure.
/// </summary>
internal sealed class SiloSupervisor(ClusterProcesses cluster, int slotsOfGpuSilo, TimeProvider clock)
{
    private const string Verdict = "I have been told I am dead";

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    // Between the first answer that stayed out and the end of the process its leases may have been given to others.
    private static readonly TimeSpan LongestVerdict = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<SiloName, int> disturbers = [];
    private readonly ConcurrentDictionary<SiloName, long> woken = [];
    private readonly ConcurrentDictionary<SiloName, Disturbance> noted = [];

    /// <summary>What becomes of this process is somebody else's business, until each who said so has said the opposite.</summary>
    public void LeaveAlone(SiloName silo) => disturbers.AddOrUpdate(silo, 1, (_, count) => count + 1);

    /// <summary>A process that stood still goes on: what it had in hand until now is accounted for.</summary>
    public void LookAfterAgain(SiloName silo)
    {
        woken[silo] = clock.GetTimestamp();
        disturbers.AddOrUpdate(silo, 0, (_, count) => count - 1);
    }

    /// <summary>Whether more is being done to it than by one who asks.</summary>
    public bool IsDisturbedByOthers(SiloName silo) => disturbers.GetValueOrDefault(silo) > 1;

    /// <summary>Whether a process that has ended did so because the others had declared it dead.</summary>
    public static async Task<bool> WasGivenUpAsync(ChildProcess process)
    {
        await process.CompleteLogAsync();
        return File.ReadLines(process.LogPath).Any(line => line.Contains(Verdict, StringComparison.Ordinal));
    }

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
                    await NoteAsync(silo);
                    await silo.StartAsync(name, ended);
                }

                await Task.Delay(LookInterval, clock, ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            foreach (var silo in Ended())
                await NoteAsync(silo);
        }

        return [.. noted.Values];
    }

    private SiloSlot[] Ended() => [.. cluster.Control.Concat(cluster.Gpus).Where(silo => silo.HasEnded && disturbers.GetValueOrDefault(silo.Name) == 0)];

    private async Task NoteAsync(SiloSlot silo)
    {
        var (name, process) = (silo.Name, silo.Process);
        var now = clock.GetTimestamp();
        var isGivenUp = await WasGivenUpAsync(process);
        var from = Math.Max(now - (long)(LongestVerdict.TotalSeconds * clock.TimestampFrequency), woken.GetValueOrDefault(name));
        noted[name] = new Disturbance($"{name} was given up", from, now)
        {
            Process = name.ToString(),
            Slots = name.Role == SiloRole.Gpu ? slotsOfGpuSilo : null,
            Failure = isGivenUp ? null : $"{name} ended with {process.ExitCode} although nobody ended it (log: {process.LogPath})",
        };
    }
}
