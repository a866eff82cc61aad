namespace HunyuanPortrait.Core.Guidance;

/// <summary>Guidance of one step: <c>v = v0 + appearance·(v1 − v0) + motion·(v2 − v1)</c> (SPEC §9.5).</summary>
public readonly record struct GuidanceScales(float Appearance, float Motion)
{
    /// <summary>With equal scales branch 1 cancels: <c>v = v0 + g·(v2 − v0)</c>.</summary>
    public bool NeedsDropBranch => Appearance != Motion;
}

/// <summary>Linear ramps over the executed steps (SPEC §9.5).</summary>
/// <param name="MinAppearance">Appearance scale at the first executed step.</param>
/// <param name="MaxAppearance">Appearance scale at the last executed step.</param>
/// <param name="MinMotion">Motion scale at the first executed step.</param>
/// <param name="MaxMotion">Motion scale at the last executed step.</param>
public sealed record GuidanceSettings(float MinAppearance, float MaxAppearance, float MinMotion, float MaxMotion);
