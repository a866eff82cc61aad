namespace HunyuanPortrait.Grains.Interfaces.Tasks;

/// <summary>The durable truth about tasks: opens their leases and takes exactly one result each.</summary>
public interface ITaskOwnerGrain : IGrainWithStringKey
{
    /// <summary>Opens a lease. Older leases of the task are stale from now on.</summary>
    [Alias("OpenLease")]
    Task<LeaseGrant> OpenLeaseAsync(TaskName task, CancellationToken cancellationToken = default);

    /// <summary>Takes a result. What was accepted is durable before the answer; repeat the call until there is one.</summary>
    [Alias("Accept")]
    Task<AcceptanceView> AcceptAsync(TaskDelivery delivery, CancellationToken cancellationToken = default);
}
