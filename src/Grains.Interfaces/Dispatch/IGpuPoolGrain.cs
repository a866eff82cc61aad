using Orleans.Concurrency;

namespace HunyuanPortrait.Grains.Interfaces.Dispatch;

/// <summary>
/// Ready tasks and their leases, in memory only. Every call interleaves: what a call changes, it changes without waiting in between, and across a wait
/// it relies on nothing but the number of its lease.
/// </summary>
[Alias("hp.IGpuPoolGrain")]
public interface IGpuPoolGrain : IGrainWithStringKey
{
    /// <summary>Makes tasks ready; those that are ready or leased stay as they are.</summary>
    /// <returns>The pool's incarnation: after another one, everything has to be enqueued again.</returns>
    [Alias("Enqueue"), AlwaysInterleave]
    Task<Guid> EnqueueAsync(ReadyTasks ready, CancellationToken cancellationToken = default);

    /// <summary>Waits for a task; null when there was none for as long as a poll lasts.</summary>
    [Alias("Lease"), AlwaysInterleave]
    Task<LeaseOffer?> LeaseAsync(WorkerProfile worker, CancellationToken cancellationToken = default);

    /// <summary>Prolongs a lease.</summary>
    /// <returns>False when the lease has ended, so that its worker should stop.</returns>
    [Alias("Renew"), AlwaysInterleave]
    Task<bool> RenewAsync(LeaseName lease, CancellationToken cancellationToken = default);

    /// <summary>Ends a lease.</summary>
    [Alias("End"), AlwaysInterleave]
    Task EndAsync(LeaseName lease, LeaseEnding ending, CancellationToken cancellationToken = default);

    /// <summary>Takes note that a worker asks no more; a poll of it that waits ends without a task.</summary>
    [Alias("Leave"), AlwaysInterleave]
    Task LeaveAsync(string worker, CancellationToken cancellationToken = default);

    /// <summary>Says how a job is to be treated from now on.</summary>
    [Alias("Treat"), AlwaysInterleave]
    Task<Guid> TreatAsync(string job, JobTreatment treatment, CancellationToken cancellationToken = default);

    /// <summary>The pool's incarnation, and what is known about a model. Tells the pool that the job is awake.</summary>
    [Alias("Check"), AlwaysInterleave]
    Task<PoolCheck> CheckAsync(string job, string model, CancellationToken cancellationToken = default);

    /// <summary>Sets a tenant's part of the devices.</summary>
    [Alias("SetShare"), AlwaysInterleave]
    Task SetShareAsync(string tenant, double weight, int maximumConcurrentTasks, CancellationToken cancellationToken = default);

    /// <summary>Is there; when it was not, it wakes the jobs that have not ended.</summary>
    [Alias("Wake"), AlwaysInterleave]
    Task WakeAsync(CancellationToken cancellationToken = default);

    /// <summary>What waits, what runs, who works.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<PoolView> GetAsync(CancellationToken cancellationToken = default);
}
