namespace HunyuanPortrait.Core.Dispatch;

/// <summary>One open lease.</summary>
internal sealed class OpenLease
{
    public required long Number { get; init; }

    public required TaskEntry Task { get; init; }

    public required string Worker { get; init; }

    public required TimeSpan LeasedAt { get; init; }

    /// <summary>What the tenant's virtual time was moved on by.</summary>
    public required double Charge { get; init; }

    /// <summary>Whether the charge was made before anything was known of the lane.</summary>
    public required bool IsProvisional { get; init; }

    public required int Attempt { get; init; }

    public long? Helps { get; init; }

    public TimeSpan Deadline { get; set; }

    public TaskLease View => new(Number, Task.Name, Task.Lane.Lane, Worker, Deadline, Attempt, Helps);
}

/// <summary>All open leases, by number and by deadline.</summary>
internal sealed class LeaseTable
{
    private readonly Dictionary<long, OpenLease> leases = [];
    private readonly SortedSet<(TimeSpan Deadline, long Number)> deadlines = [];

    public IReadOnlyCollection<OpenLease> All => leases.Values;

    public TimeSpan? NextDeadline => deadlines.Count == 0 ? null : deadlines.Min.Deadline;

    public OpenLease? Find(long number) => leases.GetValueOrDefault(number);

    public void Add(OpenLease lease)
    {
        leases.Add(lease.Number, lease);
        deadlines.Add((lease.Deadline, lease.Number));
    }

    public void Extend(OpenLease lease, TimeSpan deadline)
    {
        deadlines.Remove((lease.Deadline, lease.Number));
        lease.Deadline = deadline;
        deadlines.Add((deadline, lease.Number));
    }

    public void Remove(OpenLease lease)
    {
        leases.Remove(lease.Number);
        deadlines.Remove((lease.Deadline, lease.Number));
    }

    /// <summary>The leases whose deadline is not after the present, earliest first.</summary>
    public List<OpenLease> Overdue(TimeSpan now) =>
        [.. deadlines.TakeWhile(each => each.Deadline <= now).Select(each => leases[each.Number])];
}
