namespace HunyuanPortrait.Core.Schedulers;

/// <summary>Range of the noise schedule (SPEC §9.1).</summary>
/// <param name="SigmaMin">Smallest σ before the final 0 (0.002 officially).</param>
/// <param name="SigmaMax">Largest σ (700 officially).</param>
public sealed record SchedulerSettings(double SigmaMin, double SigmaMax)
{
    /// <summary>Karras exponent ρ.</summary>
    public const double Rho = 7;
}
