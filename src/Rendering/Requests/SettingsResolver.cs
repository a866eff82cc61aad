using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Options;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Rendering.Requests;

/// <summary>A model's defaults with a request's overrides.</summary>
internal static class SettingsResolver
{
    /// <exception cref="Core.Errors.RenderException">HP3001: settings do not fit the model; all of them are listed.</exception>
    public static RenderDefaults Resolve(SamplingOverrides wanted, ModelManifest model)
    {
        var defaults = model.Defaults;
        var settings = defaults with
        {
            Seed = wanted.Seed ?? defaults.Seed,
            InferenceSteps = wanted.Steps ?? defaults.InferenceSteps,
            Strength = wanted.Strength ?? defaults.Strength,
            PaddingFrames = wanted.PaddingFrames ?? defaults.PaddingFrames,
            Guidance = new GuidanceSettings(
                wanted.AppearanceGuidance?.First ?? defaults.Guidance.MinAppearance,
                wanted.AppearanceGuidance?.Last ?? defaults.Guidance.MaxAppearance,
                wanted.MotionGuidance?.First ?? defaults.Guidance.MinMotion,
                wanted.MotionGuidance?.Last ?? defaults.Guidance.MaxMotion),
            Windows = new WindowSettings(
                wanted.WindowLength ?? model.Geometry.WindowLength,
                wanted.WindowOverlap ?? defaults.Windows.Overlap,
                wanted.WindowShift ?? defaults.Windows.Shift),
        };
        OptionErrors.ThrowIfAny(SettingsRules.Failures(settings, model.Geometry));
        return settings;
    }
}
