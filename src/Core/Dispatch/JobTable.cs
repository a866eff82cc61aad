namespace HunyuanPortrait.Core.Dispatch;

/// <summary>The jobs that have tasks, and which jobs are paused.</summary>
internal sealed class JobTable(FairShare share)
{
    private readonly Dictionary<string, JobQueue> jobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> paused = new(StringComparer.Ordinal);

    public IReadOnlyCollection<JobQueue> All => jobs.Values;

    public JobQueue? Find(string jobId) => jobs.GetValueOrDefault(jobId);

    /// <summary>The job of a ticket, under the ticket's priority.</summary>
    public JobQueue Of(JobTicket ticket)
    {
        if (!jobs.TryGetValue(ticket.JobId, out var job))
            jobs.Add(ticket.JobId, job = new JobQueue(ticket, share.Tenant(ticket.Tenant)) { IsPaused = paused.Contains(ticket.JobId) });
        if (job.Tenant.Name != ticket.Tenant)
            throw new ArgumentException($"Job {ticket.JobId} belongs to tenant {job.Tenant.Name}, not to {ticket.Tenant}.", nameof(ticket));
        if (job.Ticket != ticket)
            Reorder(job, ticket);
        return job;
    }

    public void ForgetIfEmpty(JobQueue job)
    {
        if (job.Tasks.Count == 0)
            jobs.Remove(job.Ticket.JobId);
    }

    /// <summary>Takes a job out, and its lanes out of their order; null when there was none.</summary>
    public JobQueue? Remove(string jobId)
    {
        paused.Remove(jobId);
        if (jobs.Remove(jobId, out var job))
            Detach(job);
        return job;
    }

    public void Pause(string jobId)
    {
        if (!paused.Add(jobId) || Find(jobId) is not { } job)
            return;
        job.IsPaused = true;
        Detach(job);
    }

    public void Resume(string jobId, TimeSpan now)
    {
        if (!paused.Remove(jobId) || Find(jobId) is not { } job)
            return;
        job.IsPaused = false;
        foreach (var lane in job.Lanes.Where(lane => lane.Ready.Count > 0))
            share.Attach(lane, now);
    }

    /// <summary>Lanes of a worker's warm jobs that it can serve now.</summary>
    public IReadOnlyList<JobLane> Warm(WorkerCapabilities worker) =>
        [.. worker.WarmJobs.Select(Find).OfType<JobQueue>().SelectMany(job => job.Lanes).Where(lane => lane.IsAttached && worker.CanRun(lane.Lane))];

    private void Reorder(JobQueue job, JobTicket ticket)
    {
        var attached = Detach(job);
        job.Ticket = ticket;
        attached.ForEach(lane => share.Attach(lane, lane.WaitingSince));
    }

    private List<JobLane> Detach(JobQueue job)
    {
        var attached = job.Lanes.Where(lane => lane.IsAttached).ToList();
        attached.ForEach(share.Detach);
        return attached;
    }
}
