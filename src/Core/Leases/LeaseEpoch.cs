namespace HunyuanPortrait.Core.Leases;

/// <summary>
/// Which lease of a task is meant. Epochs of one owner only grow: the upper half is the owner's incarnation, which every activation raises durably
/// before it opens a lease, the lower half counts the leases of that activation.
/// </summary>
/// <param name="Value">As it travels.</param>
public readonly record struct LeaseEpoch(long Value) : IComparable<LeaseEpoch>
{
    /// <summary>An epoch from its parts.</summary>
    /// <param name="incarnation">Of the owner, at least 1.</param>
    /// <param name="counter">Of the lease, at least 1.</param>
    public static LeaseEpoch Of(int incarnation, uint counter) => new((long)incarnation << 32 | counter);

    /// <summary>Which activation of the owner opened the lease.</summary>
    public int Incarnation => (int)(Value >> 32);

    /// <summary>Which lease of that activation.</summary>
    public uint Counter => (uint)Value;

    /// <inheritdoc/>
    public int CompareTo(LeaseEpoch other) => Value.CompareTo(other.Value);

    /// <summary>For keys and histories: <c>3-17</c>.</summary>
    public override string ToString() => $"{Incarnation}-{Counter}";

    /// <summary>Whether the left epoch is older.</summary>
    public static bool operator <(LeaseEpoch left, LeaseEpoch right) => left.Value < right.Value;

    /// <summary>Whether the left epoch is older or the same.</summary>
    public static bool operator <=(LeaseEpoch left, LeaseEpoch right) => left.Value <= right.Value;

    /// <summary>Whether the left epoch is newer.</summary>
    public static bool operator >(LeaseEpoch left, LeaseEpoch right) => left.Value > right.Value;

    /// <summary>Whether the left epoch is newer or the same.</summary>
    public static bool operator >=(LeaseEpoch left, LeaseEpoch right) => left.Value >= right.Value;
}
