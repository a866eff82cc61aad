namespace HunyuanPortrait.Core.Dispatch;

/// <summary>
/// Divides devices between tenants by start-time fair queueing: every lease moves its tenant's virtual time on by the task's expected time over the
/// tenant's weight, and the tenant whose virtual time is least is next. A tenant that had nothing to do enters at the present virtual time: it is
/// owed nothing for the past, and it gets its share from the very next lease on.
/// </summary>
/// <remarks>
/// Counting running tasks instead would ignore weights where workers are few, and counting tasks would favour whoever sends long ones.
/// </remarks>
internal sealed class FairShare(DispatchOptions options)
{
    private readonly Dictionary<string, TenantQueue> tenants = new(StringComparer.Ordinal);
    private readonly HashSet<TenantQueue> waiting = [];
    private double virtualNow;

    public TenantQueue Tenant(string name)
    {
        if (!tenants.TryGetValue(name, out var tenant))
            tenants.Add(name, tenant = new TenantQueue(name));
        return tenant;
    }

    /// <summary>Puts a lane into its tenant's order.</summary>
    public void Attach(JobLane lane, TimeSpan waitingSince)
    {
        var tenant = lane.Job.Tenant;
        if (!tenant.HasReady && tenant.Leased == 0)
            tenant.VirtualTime = Math.Max(tenant.VirtualTime, virtualNow);
        if (!lane.IsRelieved)
            lane.WaitingSince = waitingSince;
        tenant.Attach(lane);
        waiting.Add(tenant);
    }

    public void Detach(JobLane lane)
    {
        lane.Job.Tenant.Detach(lane);
        if (!lane.Job.Tenant.HasReady)
            waiting.Remove(lane.Job.Tenant);
    }

    /// <summary>The lane whose next task a worker should have; null when there is none for it.</summary>
    /// <param name="worker">Who asks.</param>
    /// <param name="warm">Lanes of its warm jobs that it can serve now.</param>
    /// <param name="cost">Seconds that a task is expected to take.</param>
    /// <param name="now">The present.</param>
    public JobLane? Next(WorkerCapabilities worker, IReadOnlyList<JobLane> warm, Func<DispatchLane, double> cost, TimeSpan now)
    {
        TenantQueue? next = null;
        foreach (var tenant in waiting)
        {
            if (!tenant.MayLease || !tenant.CanServe(worker))
                continue;
            tenant.VirtualTime = Math.Max(tenant.VirtualTime, virtualNow - options.MaximumCredit.TotalSeconds);
            if (next is null || IsBefore(tenant, next))
                next = tenant;
        }

        return next is null ? null : Preferred(next, worker, warm, cost).Next(worker, warm, options, now);
    }

    /// <summary>Books a lease.</summary>
    /// <returns>What it was charged, so that <see cref="Refund"/> can take it back.</returns>
    public double Charge(TenantQueue tenant, double cost)
    {
        virtualNow = Math.Max(virtualNow, tenant.VirtualTime);
        var charge = cost / tenant.Share.Weight;
        tenant.VirtualTime += charge;
        tenant.Leased++;
        return charge;
    }

    /// <summary>Takes a charge back: the tenant got nothing for it.</summary>
    public static void Refund(OpenLease lease) => lease.Task.Lane.Job.Tenant.VirtualTime -= lease.Charge;

    /// <summary>
    /// Takes back what a provisional charge was too high. One that was too low stays: all tenants had it so, and who comes later should not pay less
    /// for what was leased before.
    /// </summary>
    public static void Settle(OpenLease lease, TimeSpan duration)
    {
        var tenant = lease.Task.Lane.Job.Tenant;
        if (lease.IsProvisional)
            tenant.VirtualTime -= Math.Max(0, lease.Charge - ExpectedTimes.Charged(duration) / tenant.Share.Weight);
    }

    private TenantQueue Preferred(TenantQueue next, WorkerCapabilities worker, IReadOnlyList<JobLane> warm, Func<DispatchLane, double> cost)
    {
        TenantQueue? preferred = null;
        foreach (var lane in warm)
        {
            var tenant = lane.Job.Tenant;
            var limit = next.VirtualTime + options.AffinitySlack * cost(lane.Lane) / tenant.Share.Weight;
            if (tenant == next)
                return next;
            if (tenant.MayLease && tenant.VirtualTime <= limit && lane.Job.Ticket.Priority == tenant.TopPriority(worker) &&
                (preferred is null || IsBefore(tenant, preferred)))
                preferred = tenant;
        }

        return preferred ?? next;
    }

    private static bool IsBefore(TenantQueue left, TenantQueue right) =>
        left.VirtualTime != right.VirtualTime ? left.VirtualTime < right.VirtualTime : string.CompareOrdinal(left.Name, right.Name) < 0;
}
