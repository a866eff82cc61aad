namespace HunyuanPortrait.Core.Dispatch;

/// <summary>How tasks are leased.</summary>
public sealed record DispatchOptions
{
    /// <summary>How long a lease lasts without being renewed; 30 s by default.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How much device time a tenant may be owed, because it had nothing that the free workers could run; more is forgotten, so that nobody is shut
    /// out while old debts are paid. One minute by default.
    /// </summary>
    public TimeSpan MaximumCredit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// By how many tasks of its share a tenant may be ahead and still be preferred because the worker is warm for it. Below 1 (half a task by default),
    /// warmth only decides between tenants whose turn is equally near.
    /// </summary>
    public double AffinitySlack { get; init; } = 0.5;

    /// <summary>How often in a row a warm job may be preferred to an older one of the same tenant and priority; 4 by default.</summary>
    public int AffinityRun { get; init; } = 4;

    /// <summary>From when on a job that higher or older ones pass over is helped; five minutes by default.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Which of a tenant's leases goes to such a job, the one that has waited longest: every eighth by default.</summary>
    public int ReliefInterval { get; init; } = 8;

    /// <summary>Second leases for tasks that take too long; null, the default, for none.</summary>
    public StragglerOptions? Stragglers { get; init; }
}

/// <summary>When an idle worker may compute a leased task a second time. Never more than two leases are open for a task.</summary>
/// <param name="Factor">How many times the expected time a task must have taken.</param>
/// <param name="MinimumSamples">How many tasks of the same lane must have been seen before anything is expected.</param>
public sealed record StragglerOptions(double Factor = 3, int MinimumSamples = 8);
