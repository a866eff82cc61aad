namespace HunyuanPortrait.Chaos.Faults;

/// <summary>What faults are drawn from.</summary>
/// <param name="Span">Faults begin within this time.</param>
/// <param name="ControlSilos">How many there are.</param>
/// <param name="GpuSilos">How many there are.</param>
/// <param name="LeaseDuration">A pause is longer than this.</param>
internal sealed record FaultSettings(TimeSpan Span, int ControlSilos, int GpuSilos, TimeSpan LeaseDuration)
{
    /// <summary>How long the blob server refuses; zero: there is none.</summary>
    public TimeSpan StoreOutage { get; init; }

    /// <summary>The shortest time after which a killed process is started again; the longest is three times that.</summary>
    public TimeSpan RestartDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a silo that was disturbed is left alone after it has come back.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(5);
}
