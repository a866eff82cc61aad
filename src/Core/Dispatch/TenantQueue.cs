namespace HunyuanPortrait.Core.Dispatch;

/// <summary>A tenant's jobs in their order, and how much of its share it has had.</summary>
internal sealed class TenantQueue(string name)
{
    private static readonly Comparer<JobLane> ByRank = Comparer<JobLane>.Create((left, right) => JobQueue.Compare(left.Job, right.Job));

    private static readonly Comparer<JobLane> ByWait = Comparer<JobLane>.Create((left, right) =>
    {
        var order = left.WaitingSince.CompareTo(right.WaitingSince);
        return order != 0 ? order : JobQueue.Compare(left.Job, right.Job);
    });

    private readonly Dictionary<DispatchLane, LaneJobs> lanes = [];
    private int sinceRelief;

    public string Name => name;

    public TenantShare Share { get; set; } = new();

    /// <summary>Device time that it has had, over its weight, in seconds on the clock of <see cref="FairShare"/>.</summary>
    public double VirtualTime { get; set; }

    public int Leased { get; set; }

    public bool HasReady => lanes.Count > 0;

    public bool MayLease => Leased < Share.MaximumConcurrentTasks;

    public bool CanServe(WorkerCapabilities worker)
    {
        foreach (var lane in lanes.Keys)
        {
            if (worker.CanRun(lane))
                return true;
        }

        return false;
    }

    public void Attach(JobLane lane)
    {
        if (!lanes.TryGetValue(lane.Lane, out var jobs))
            lanes.Add(lane.Lane, jobs = new LaneJobs(new SortedSet<JobLane>(ByRank), new SortedSet<JobLane>(ByWait)));
        jobs.ByRank.Add(lane);
        jobs.ByWait.Add(lane);
        lane.IsAttached = true;
    }

    public void Detach(JobLane lane)
    {
        var jobs = lanes[lane.Lane];
        jobs.ByRank.Remove(lane);
        jobs.ByWait.Remove(lane);
        lane.IsAttached = false;
        if (jobs.ByRank.Count == 0)
            lanes.Remove(lane.Lane);
    }

    /// <summary>Notes that one of its tasks was leased in its turn, so that others have waited longer.</summary>
    public void Served(JobLane lane, TimeSpan now)
    {
        if (lane.IsRelieved)
            return;
        var jobs = lanes[lane.Lane];
        jobs.ByWait.Remove(lane);
        lane.WaitingSince = now;
        jobs.ByWait.Add(lane);
    }

    /// <summary>The priority of its next job for a worker that it can serve.</summary>
    public int TopPriority(WorkerCapabilities worker) => First(worker).Job.Ticket.Priority;

    /// <summary>Whose turn it is: whoever waited too long at times, then the worker's warm jobs within their limit, then rank.</summary>
    public JobLane Next(WorkerCapabilities worker, IReadOnlyList<JobLane> warm, DispatchOptions options, TimeSpan now)
    {
        if (++sinceRelief >= options.ReliefInterval)
        {
            var waiting = Matching(worker).Select(jobs => jobs.ByWait.Min!).Min(ByWait)!;
            if (now - waiting.WaitingSince > options.Patience)
            {
                sinceRelief = 0;
                waiting.IsRelieved = true;
                return waiting;
            }
        }

        var next = InTurn(worker, warm, options);
        next.IsRelieved = false;
        return next;
    }

    private JobLane InTurn(WorkerCapabilities worker, IReadOnlyList<JobLane> warm, DispatchOptions options)
    {
        var first = First(worker);
        var preferred = warm.Where(lane => lane.Job.Tenant == this && lane.Job.Ticket.Priority == first.Job.Ticket.Priority).Min(ByRank);
        if (preferred is null || preferred.Job == first.Job || first.Bypassed >= options.AffinityRun)
        {
            first.Bypassed = 0;
            return first;
        }

        first.Bypassed++;
        return preferred;
    }

    private JobLane First(WorkerCapabilities worker)
    {
        JobLane? first = null;
        foreach (var jobs in Matching(worker))
        {
            var lane = jobs.ByRank.Min!;
            var order = first is null ? -1 : JobQueue.Compare(lane.Job, first.Job);
            if (order < 0 || order == 0 && lane.Ready.Min!.Id < first!.Ready.Min!.Id)
                first = lane;
        }

        return first ?? throw new InvalidOperationException($"Tenant {name} has nothing for worker {worker.Worker}.");
    }

    private IEnumerable<LaneJobs> Matching(WorkerCapabilities worker)
    {
        foreach (var (lane, jobs) in lanes)
        {
            if (worker.CanRun(lane))
                yield return jobs;
        }
    }

    /// <summary>The jobs with ready tasks in one lane, in two orders.</summary>
    private sealed record LaneJobs(SortedSet<JobLane> ByRank, SortedSet<JobLane> ByWait);
}
