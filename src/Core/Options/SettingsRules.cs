using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Options;

/// <summary>What settings must keep to. Every rule yields one sentence for its failure, so that a user sees all of them at once.</summary>
public static class SettingsRules
{
    private const int MostSteps = 1000;

    /// <summary>Failures of the settings of a render with a given model; none when it can run.</summary>
    public static IEnumerable<string> Failures(RenderDefaults settings, ModelGeometry geometry)
    {
        if (settings.InferenceSteps is < 1 or > MostSteps)
            yield return $"inferenceSteps ({settings.InferenceSteps}) must be 1 to {MostSteps}";
        else if (!(settings.Strength > 0 && settings.Strength <= 1))
            yield return $"strength ({settings.Strength}) must be greater than 0 and at most 1";
        else if (NoiseSchedule.ExecutedSteps(settings.InferenceSteps, settings.Strength) < 1)
            yield return $"strength ({settings.Strength}) of inferenceSteps ({settings.InferenceSteps}) must leave at least one step";
        foreach (var failure in Failures(settings.Windows).Concat(Failures(settings.Guidance)))
            yield return failure;
        if (settings.Windows.Length != geometry.WindowLength)
            yield return $"windows.length ({settings.Windows.Length}) must be the model's window length ({geometry.WindowLength})";
        if (settings.MicroConditioning.NoiseAugmentation != 0)
            yield return $"microConditioning.noiseAugmentation ({settings.MicroConditioning.NoiseAugmentation}) must be 0: noise on the conditioning picture is not implemented";
        if (settings.PaddingFrames < 0)
            yield return $"paddingFrames ({settings.PaddingFrames}) must not be negative";
        if (settings.MotionGroupLength < 1)
            yield return $"motionGroupLength ({settings.MotionGroupLength}) must be at least 1";
        if (settings.DecodeChunkLength < 1)
            yield return $"decodeChunkLength ({settings.DecodeChunkLength}) must be at least 1";
    }

    /// <summary>Failures of a window plan's settings.</summary>
    public static IEnumerable<string> Failures(WindowSettings settings)
    {
        if (settings.Length < 1)
            yield return $"windows.length ({settings.Length}) must be at least 1";
        if (settings.Overlap < 0)
            yield return $"windows.overlap ({settings.Overlap}) must not be negative";
        if (settings.Overlap >= settings.Length)
            yield return $"windows.overlap ({settings.Overlap}) must be less than windows.length ({settings.Length})";
        if (settings.Shift < 0)
            yield return $"windows.shift ({settings.Shift}) must not be negative";
    }

    /// <summary>Failures of the guidance ramps.</summary>
    public static IEnumerable<string> Failures(GuidanceSettings settings)
    {
        foreach (var (name, scale) in new[]
        {
            ("minAppearance", settings.MinAppearance), ("maxAppearance", settings.MaxAppearance),
            ("minMotion", settings.MinMotion), ("maxMotion", settings.MaxMotion),
        })
        {
            if (!float.IsFinite(scale) || scale < 0)
                yield return $"guidance.{name} ({scale}) must be a number that is not negative";
        }
    }

    /// <summary>Failures of a noise range.</summary>
    public static IEnumerable<string> Failures(SchedulerSettings settings)
    {
        if (!(settings.SigmaMin > 0 && settings.SigmaMin < settings.SigmaMax && double.IsFinite(settings.SigmaMax)))
            yield return $"scheduler.sigmaMin ({settings.SigmaMin}) must be greater than 0 and less than scheduler.sigmaMax ({settings.SigmaMax})";
    }
}
