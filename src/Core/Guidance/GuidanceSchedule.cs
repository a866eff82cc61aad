using System.Collections.Immutable;

namespace HunyuanPortrait.Core.Guidance;

/// <summary>The guidance scales of every executed step (SPEC §9.5): ramps over steps, not over frames.</summary>
public sealed class GuidanceSchedule
{
    private readonly ImmutableArray<GuidanceScales> scales;

    private GuidanceSchedule(ImmutableArray<GuidanceScales> scales) => this.scales = scales;

    /// <summary>Number of executed steps.</summary>
    public int StepCount => scales.Length;

    /// <summary>Scales of one executed step, counted from 0.</summary>
    public GuidanceScales this[int step] => scales[step];

    /// <summary>Whether any step needs the middle branch; one graph serves all steps.</summary>
    public bool NeedsDropBranch => scales.Any(step => step.NeedsDropBranch);

    /// <summary>Spaces both ramps evenly.</summary>
    /// <param name="settings">Ends of the ramps.</param>
    /// <param name="executedSteps">Points of each ramp, at least 1.</param>
    public static GuidanceSchedule Create(GuidanceSettings settings, int executedSteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(executedSteps, 1);
        return new GuidanceSchedule([.. Enumerable.Range(0, executedSteps).Select(step => new GuidanceScales(
            Ramp(settings.MinAppearance, settings.MaxAppearance, step, executedSteps),
            Ramp(settings.MinMotion, settings.MaxMotion, step, executedSteps)))]);
    }

    // Counts from the nearer end, in float32, as torch.linspace does.
    private static float Ramp(float first, float last, int step, int steps)
    {
        if (steps == 1)
            return first;
        var slope = (last - first) / (steps - 1);
        return step < steps / 2 ? first + slope * step : last - slope * (steps - 1 - step);
    }
}
