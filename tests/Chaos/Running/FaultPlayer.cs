using System.Collections.Immutable;
using HunyuanPortrait.Chaos.Faults;
using HunyuanPortrait.Chaos.Histories;

namespace HunyuanPortrait.Chaos.Running;

/// <summary>Does to a cluster what a schedule says.</summary>
internal sealed class FaultPlayer(ClusterProcesses cluster, SiloSupervisor supervisor, string job, int slotsOfGpuSilo, TimeProvider clock)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Plays all faults at their times, or those that begin before the run ends.</summary>
    /// <param name="faults">From now on.</param>
    /// <param name="ended">The job has ended: what has not begun is left out, what has begun is not put right.</param>
    /// <returns>What was done.</returns>
    public async Task<ImmutableArray<Disturbance>> PlayAsync(IEnumerable<Fault> faults, CancellationToken ended) =>
        [.. (await Task.WhenAll(faults.Select(fault => PlayAsync(fault, ended)))).OfType<Disturbance>()];

    private async Task<Disturbance?> PlayAsync(Fault fault, CancellationToken ended)
    {
        Disturbance? disturbance = null;
        try
        {
            await Task.Delay(fault.At, clock, ended);
            var silo = await VictimAsync(fault, ended);
            if (silo is not null)
                supervisor.LeaveAlone(silo.Name);
            disturbance = Begin(fault, silo);
            await DisturbAsync(fault, silo, ended);
            disturbance = await JudgeAsync(fault, silo, disturbance);
            await Task.Delay(fault.Duration, clock, ended);
            await PutRightAsync(fault, silo, ended);
            disturbance = End(fault, disturbance);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The run is over; the processes are ended by whoever owns them.
        }

        return disturbance;
    }

    // A silo that was asked to end has ended here, and leases no more; it may have been killed or given up before it was ready.
    private async Task<Disturbance> JudgeAsync(Fault fault, RunningSilo? silo, Disturbance disturbance)
    {
        if (!IsStop(fault.Kind))
            return disturbance;
        var process = silo!.Process;
        var isExcused = process.ExitCode == 0 || supervisor.IsDisturbedByOthers(silo.Name) || await SiloSupervisor.WasGivenUpAsync(process);
        return disturbance with
        {
            Until = clock.GetTimestamp(),
            Failure = isExcused ? null : $"{disturbance.Process} was asked to end, and ended with {process.ExitCode}",
        };
    }

    private Disturbance Begin(Fault fault, RunningSilo? silo)
    {
        var now = clock.GetTimestamp();
        return new Disturbance(fault.ToString(), now, LastsOn(fault.Kind) ? long.MaxValue : now)
        {
            Process = silo?.Name.ToString(),
            Slots = SlotsOf(fault.Kind),
        };
    }

    private Disturbance End(Fault fault, Disturbance disturbance) =>
        LastsOn(fault.Kind) && !IsStop(fault.Kind) ? disturbance with { Until = clock.GetTimestamp() } : disturbance;

    private static bool IsStop(FaultKind kind) => kind is FaultKind.StopGpuSilo or FaultKind.StopControlSilo;

    // Without Redis nobody joins and nobody is given up, but work goes on; and a GPU silo that is asked to end finishes what it has.
    private int? SlotsOf(FaultKind kind) => kind switch
    {
        FaultKind.RestartRedis or FaultKind.StopGpuSilo => 0,
        FaultKind.KillGpuSilo or FaultKind.PauseGpuSilo => slotsOfGpuSilo,
        _ => null,
    };

    // A killed control silo costs what was in hand at that moment. All else goes on costing: a device that does not answer is given what it had asked for.
    private static bool LastsOn(FaultKind kind) => kind is not (FaultKind.KillControlSilo or FaultKind.KillCoordinator);

    private async Task<RunningSilo?> VictimAsync(Fault fault, CancellationToken ended)
    {
        if (await SiloOfAsync(fault, ended) is not { } slot)
            return null;

        // Where it has just ended by itself it is being started again.
        while (true)
        {
            if (slot.Running is { } running)
                return running;
            await Task.Delay(LookInterval, clock, ended);
        }
    }

    private async Task<SiloSlot?> SiloOfAsync(Fault fault, CancellationToken ended) => fault.Kind switch
    {
        FaultKind.KillGpuSilo or FaultKind.StopGpuSilo or FaultKind.PauseGpuSilo => cluster.Gpus[fault.Silo],
        FaultKind.KillControlSilo or FaultKind.StopControlSilo or FaultKind.PauseControlSilo => cluster.Control[fault.Silo],
        FaultKind.KillCoordinator => await CoordinatorAsync(ended),
        _ => null,
    };

    private Task DisturbAsync(Fault fault, RunningSilo? silo, CancellationToken ended)
    {
        switch (fault.Kind)
        {
            case FaultKind.RestartRedis:
                return cluster.Redis.StopAsync(ended);
            case FaultKind.RefuseStore:
                return cluster.Blobs.StopAsync(ended);
            case FaultKind.PauseGpuSilo or FaultKind.PauseControlSilo:
                silo!.Process.Pause();
                return Task.CompletedTask;
            case FaultKind.StopGpuSilo or FaultKind.StopControlSilo:
                return silo!.Process.TerminateAsync(ended);
            default:
                return silo!.Process.KillAsync();
        }
    }

    private async Task PutRightAsync(Fault fault, RunningSilo? silo, CancellationToken ended)
    {
        switch (fault.Kind)
        {
            case FaultKind.RestartRedis:
                await cluster.Redis.StartAgainAsync(ended);
                return;
            case FaultKind.RefuseStore:
                await cluster.Blobs.RestartAsync(ended);
                return;
            case FaultKind.PauseGpuSilo or FaultKind.PauseControlSilo:
                silo!.Process.Resume();
                supervisor.LookAfterAgain(silo.Name);
                return;
            default:
                await silo!.Slot.StartAsync(silo.Name, ended);
                return;
        }
    }

    // The coordinator notes under its job's name; where it did last, it is.
    private async Task<SiloSlot> CoordinatorAsync(CancellationToken ended)
    {
        while (true)
        {
            var last = RunRecord.ReadNotes(cluster.Place.Histories).LastOrDefault(note => note.Entry.Actor == job)?.Process;
            if (cluster.Control.FirstOrDefault(silo => silo.Name.ToString() == last && silo.IsRunning) is { } host)
                return host;
            await Task.Delay(LookInterval, clock, ended);
        }
    }
}
