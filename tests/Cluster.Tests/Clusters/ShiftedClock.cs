namespace HunyuanPortrait.Cluster.Tests.Clusters;

/// <summary>The system's clock, set forward by hand. Timers do not notice.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private TimeSpan ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;

    public void Advance(TimeSpan time) => ahead += time;
}
