using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Core.Dispatch;

/// <summary>
/// Which worker gets which ready task. Devices are divided between tenants by weight; a tenant's priorities order its own jobs; among equals the
/// oldest job goes first and, within it, the earliest step. Knows nothing that matters: whether a task is done is its owner's word, and the queue can
/// be rebuilt by enqueueing again.
/// </summary>
/// <remarks>
/// Nobody starves: a tenant with ready tasks is served within its share, whatever others enqueue, and of a tenant's own leases every
/// <see cref="DispatchOptions.ReliefInterval"/>th goes to the job that has waited longest, once it has waited for <see cref="DispatchOptions.Patience"/>.
/// Time is given: a duration since any fixed moment, never going back. The same calls give the same answers. Not safe for concurrent use.
/// Leasing costs O(tenants that wait + log of their jobs and tasks).
/// </remarks>
public sealed class DispatchQueue
{
    private readonly DispatchOptions options;
    private readonly FairShare share;
    private readonly JobTable jobs;
    private readonly ExpectedTimes times = new();
    private readonly LeaseTable leases = new();
    private long lastLease;

    /// <summary>An empty queue.</summary>
    public DispatchQueue(DispatchOptions options)
    {
        this.options = options;
        share = new FairShare(options);
        jobs = new JobTable(share);
    }

    /// <summary>When the next lease ends unless it is renewed; null when nothing is leased.</summary>
    public TimeSpan? NextDeadline => leases.NextDeadline;

    /// <summary>What a lane's tasks take: the median of the last ones; null before the first.</summary>
    public TimeSpan? ExpectedTime(DispatchLane lane) => times.Of(lane);

    /// <summary>Sets what a tenant may have; weight 1 and no limit until then.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight or the limit is out of its range.</exception>
    public void SetShare(string tenant, TenantShare tenantShare)
    {
        if (!double.IsFinite(tenantShare.Weight) || tenantShare.Weight <= 0)
            throw new ArgumentOutOfRangeException(nameof(tenantShare), tenantShare.Weight, "A weight must be a number greater than 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(tenantShare.MaximumConcurrentTasks, 1);
        share.Tenant(tenant).Share = tenantShare;
    }

    /// <summary>Makes tasks ready. Those that are ready or leased already stay as they are.</summary>
    /// <param name="ticket">Their job; another priority than before reorders the job.</param>
    /// <param name="model">The model that they take; null for none.</param>
    /// <param name="tasks">The tasks.</param>
    /// <param name="now">The present.</param>
    /// <returns>How many were new.</returns>
    /// <exception cref="ArgumentException">The job belongs to another tenant.</exception>
    public int Enqueue(JobTicket ticket, string? model, IEnumerable<TaskId> tasks, TimeSpan now)
    {
        var job = jobs.Of(ticket);
        var before = job.Tasks.Count;
        foreach (var task in tasks)
        {
            if (job.Tasks.ContainsKey(task))
                continue;
            var entry = new TaskEntry(job.Lane(new DispatchLane(task.Kind, model)), task);
            job.Tasks.Add(task, entry);
            MakeReady(entry, now);
        }

        var added = job.Tasks.Count - before;
        jobs.ForgetIfEmpty(job);
        return added;
    }

    /// <summary>Leases the next task for a worker; null when there is none for it now.</summary>
    public TaskLease? Lease(WorkerCapabilities worker, TimeSpan now)
    {
        if (share.Next(worker, jobs.Warm(worker), times.SecondsOf, now) is { } lane)
        {
            var task = lane.Ready.Min!;
            lane.Ready.Remove(task);
            if (lane.Ready.Count == 0)
                share.Detach(lane);
            else
                lane.Job.Tenant.Served(lane, now);
            return Open(task, worker, now, helps: null);
        }

        return Straggler(worker, now) is { } straggler ? Open(straggler.Task, worker, now, straggler.Number) : null;
    }

    /// <summary>Prolongs a lease.</summary>
    /// <returns>The new deadline; null when the lease has ended, so that its worker should stop.</returns>
    public TimeSpan? Renew(long lease, TimeSpan now)
    {
        if (leases.Find(lease) is not { } open)
            return null;
        leases.Extend(open, now + options.LeaseDuration);
        return open.Deadline;
    }

    /// <summary>Ends the leases whose deadline has come. Their tasks are ready again unless another worker has them too.</summary>
    public IReadOnlyList<TaskLease> Expire(TimeSpan now)
    {
        var overdue = leases.Overdue(now);
        foreach (var lease in overdue)
            GiveBack(lease, now);
        return overdue.ConvertAll(lease => lease.View);
    }

    /// <summary>Makes a task ready again that a worker will not finish, unless another worker has it too.</summary>
    /// <returns>False when the lease had ended.</returns>
    public bool HandBack(long lease, TimeSpan now)
    {
        if (leases.Find(lease) is not { } open)
            return false;
        GiveBack(open, now);
        return true;
    }

    /// <summary>Takes note that a task's result was accepted; all its leases end.</summary>
    /// <param name="lease">The lease under which it was computed; its duration counts if it is still open.</param>
    /// <param name="task">The task: removed even where the lease has ended.</param>
    /// <param name="now">The present.</param>
    /// <returns>False when the queue did not have the task.</returns>
    public bool Complete(long lease, JobTask task, TimeSpan now)
    {
        if (leases.Find(lease) is { } open && open.Task.Name == task)
        {
            times.Add(open.Task.Lane.Lane, now - open.LeasedAt);
            FairShare.Settle(open, now - open.LeasedAt);
        }

        return Remove(task, refund: false);
    }

    /// <summary>Removes a task that nobody has to compute, because its owner has its result already.</summary>
    /// <returns>False when the queue did not have the task.</returns>
    public bool Remove(JobTask task) => Remove(task, refund: true);

    /// <summary>Removes a job that has ended, with all its tasks.</summary>
    /// <returns>The leases that were open; renewing them tells their workers to stop.</returns>
    public IReadOnlyList<TaskLease> Drop(string jobId)
    {
        if (jobs.Remove(jobId) is not { } job)
            return [];
        var open = job.Tasks.Values.SelectMany(task => task.Leases).ToList();
        foreach (var lease in open)
            Close(lease);
        return open.ConvertAll(lease => lease.View);
    }

    /// <summary>Leases nothing more of a job until it is resumed; what is leased goes on.</summary>
    public void Pause(string jobId) => jobs.Pause(jobId);

    /// <summary>Goes on with a paused job.</summary>
    public void Resume(string jobId, TimeSpan now) => jobs.Resume(jobId, now);

    /// <summary>What waits and what runs, by lane; looks at every task.</summary>
    public IReadOnlyList<LaneBacklog> Backlog(TimeSpan now) => BacklogReport.Of(jobs.All, now);

    private void MakeReady(TaskEntry task, TimeSpan now)
    {
        task.ReadySince = now;
        task.Lane.Ready.Add(task);
        if (!task.Lane.IsAttached && !task.Lane.Job.IsPaused)
            share.Attach(task.Lane, now);
    }

    private TaskLease Open(TaskEntry task, WorkerCapabilities worker, TimeSpan now, long? helps)
    {
        var lease = new OpenLease
        {
            Number = ++lastLease,
            Task = task,
            Worker = worker.Worker,
            LeasedAt = now,
            Charge = share.Charge(task.Lane.Job.Tenant, times.SecondsOf(task.Lane.Lane)),
            IsProvisional = times.Of(task.Lane.Lane) is null,
            Attempt = ++task.Attempts,
            Helps = helps,
            Deadline = now + options.LeaseDuration,
        };
        task.Leases = task.Leases.Add(lease);
        leases.Add(lease);
        return lease.View;
    }

    private OpenLease? Straggler(WorkerCapabilities worker, TimeSpan now) => options.Stragglers is not { } stragglers ? null : leases.All
        .Where(lease => lease.Task.Leases.Length == 1 && lease.Worker != worker.Worker && worker.CanRun(lease.Task.Lane.Lane))
        .Where(lease => !lease.Task.Lane.Job.IsPaused && lease.Task.Lane.Job.Tenant.MayLease)
        .Select(lease => (Lease: lease, Overrun: times.Overrun(lease.Task.Lane.Lane, now - lease.LeasedAt, stragglers.MinimumSamples)))
        .Where(each => each.Overrun > stragglers.Factor)
        .OrderByDescending(each => each.Overrun).ThenBy(each => each.Lease.Number)
        .Select(each => each.Lease).FirstOrDefault();

    private void GiveBack(OpenLease lease, TimeSpan now)
    {
        lease.Task.Leases = lease.Task.Leases.Remove(lease);
        if (lease.Task.Leases.IsEmpty)
            MakeReady(lease.Task, now);
        Close(lease);
        FairShare.Refund(lease);
    }

    private bool Remove(JobTask task, bool refund)
    {
        if (jobs.Find(task.JobId) is not { } job || !job.Tasks.Remove(task.Task, out var entry))
            return false;
        if (entry.Leases.IsEmpty && entry.Lane.Ready.Remove(entry) && entry.Lane.Ready.Count == 0 && entry.Lane.IsAttached)
            share.Detach(entry.Lane);
        foreach (var lease in entry.Leases)
        {
            Close(lease);
            if (refund)
                FairShare.Refund(lease);
        }

        jobs.ForgetIfEmpty(job);
        return true;
    }

    private void Close(OpenLease lease)
    {
        leases.Remove(lease);
        lease.Task.Lane.Job.Tenant.Leased--;
    }
}
