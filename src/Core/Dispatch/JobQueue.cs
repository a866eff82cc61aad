using System.Collections.Immutable;
using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Core.Dispatch;

/// <summary>A task that is ready or leased.</summary>
internal sealed class TaskEntry(JobLane lane, TaskId id)
{
    public JobLane Lane => lane;

    public TaskId Id => id;

    public JobTask Name => new(lane.Job.Ticket.JobId, id);

    /// <summary>Open leases, at most two; none while the task is ready.</summary>
    public ImmutableArray<OpenLease> Leases { get; set; } = [];

    public int Attempts { get; set; }

    public TimeSpan ReadySince { get; set; }
}

/// <summary>The ready tasks of one job in one lane, in the job's order of work.</summary>
internal sealed class JobLane(JobQueue job, DispatchLane lane)
{
    private static readonly Comparer<TaskEntry> ByTask = Comparer<TaskEntry>.Create((left, right) => left.Id.CompareTo(right.Id));

    public JobQueue Job => job;

    public DispatchLane Lane => lane;

    public SortedSet<TaskEntry> Ready { get; } = new(ByTask);

    /// <summary>Whether the tenant's order has it: it has ready tasks and the job is not paused.</summary>
    public bool IsAttached { get; set; }

    /// <summary>Since when it has had ready tasks without being served.</summary>
    public TimeSpan WaitingSince { get; set; }

    /// <summary>Whether its last lease was a relief: then it goes on waiting, so that reliefs end one job after the other.</summary>
    public bool IsRelieved { get; set; }

    /// <summary>How often in a row a warm job was preferred to it.</summary>
    public int Bypassed { get; set; }
}

/// <summary>What the queue holds of one job.</summary>
internal sealed class JobQueue(JobTicket ticket, TenantQueue tenant)
{
    private readonly Dictionary<DispatchLane, JobLane> lanes = [];

    public JobTicket Ticket { get; set; } = ticket;

    public TenantQueue Tenant => tenant;

    public bool IsPaused { get; set; }

    public Dictionary<TaskId, TaskEntry> Tasks { get; } = [];

    public IReadOnlyCollection<JobLane> Lanes => lanes.Values;

    public JobLane Lane(DispatchLane lane)
    {
        if (!lanes.TryGetValue(lane, out var found))
            lanes.Add(lane, found = new JobLane(this, lane));
        return found;
    }

    /// <summary>Higher priority first, then the older job.</summary>
    public static int Compare(JobQueue left, JobQueue right)
    {
        var order = right.Ticket.Priority.CompareTo(left.Ticket.Priority);
        if (order == 0)
            order = left.Ticket.SubmittedAt.CompareTo(right.Ticket.SubmittedAt);
        return order != 0 ? order : string.CompareOrdinal(left.Ticket.JobId, right.Ticket.JobId);
    }
}
