namespace HunyuanPortrait.Chaos.Faults;

/// <summary>What is done to the cluster.</summary>
internal enum FaultKind
{
    /// <summary><c>kill -9</c> of a GPU silo; it is started again.</summary>
    KillGpuSilo,

    /// <summary><c>kill -9</c> of a control silo; it is started again.</summary>
    KillControlSilo,

    /// <summary><c>kill -9</c> of the control silo that hosts the coordinator; it is started again.</summary>
    KillCoordinator,

    /// <summary>A GPU silo is asked to end; it finishes what it has in hand, and is started again.</summary>
    StopGpuSilo,

    /// <summary>A control silo is asked to end; it is started again.</summary>
    StopControlSilo,

    /// <summary>A GPU silo stands still for longer than its leases, wakes up and answers late.</summary>
    PauseGpuSilo,

    /// <summary>A control silo stands still for longer than the leases that it gave.</summary>
    PauseControlSilo,

    /// <summary>Redis is stopped and started again with what it has saved.</summary>
    RestartRedis,

    /// <summary>The blob server refuses every connection.</summary>
    RefuseStore,
}

/// <summary>One fault of a schedule.</summary>
/// <param name="At">When, from the moment at which the job was submitted.</param>
/// <param name="Kind">What.</param>
/// <param name="Silo">Which silo of its role, counted from 0; 0 for what is no silo or found when it is time.</param>
/// <param name="Duration">Until it is started again, goes on, or answers.</param>
internal sealed record Fault(TimeSpan At, FaultKind Kind, int Silo, TimeSpan Duration)
{
    /// <summary>For the report: <c>12.3s PauseGpuSilo 1 for 4.0s</c>.</summary>
    public override string ToString() => $"{At.TotalSeconds:0.0}s {Kind} {Silo} for {Duration.TotalSeconds:0.0}s";
}
