using System.Collections.Immutable;
using HunyuanPortrait.Core.Options;

namespace HunyuanPortrait.Core.Windows;

/// <summary>Cuts a padded clip into circular, overlapping windows that move back at every step (SPEC §9.6).</summary>
public static class WindowPlanner
{
    /// <summary>The windows of one step, in the order in which they are blended.</summary>
    /// <param name="frameCount">Frames of the padded clip, at least 1.</param>
    /// <param name="settings">Length, overlap and shift.</param>
    /// <param name="step">Executed step, counted from 0.</param>
    /// <exception cref="Errors.RenderException">HP3001: the settings make no plan; the message lists every reason.</exception>
    public static ImmutableArray<FrameWindow> Plan(int frameCount, WindowSettings settings, int step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        OptionErrors.ThrowIfAny(SettingsRules.Failures(settings));
        return [.. Enumerable.Range(0, CountOf(frameCount, settings)).Select(window => At(settings, step, window))];
    }

    /// <summary>How many windows every step has.</summary>
    internal static int CountOf(int frameCount, WindowSettings settings) => (frameCount + settings.Stride - 1) / settings.Stride;

    /// <summary>How far the grid of a step lies before the clip, 0 … length − 1.</summary>
    internal static int ShiftAt(WindowSettings settings, int step) => (int)((long)step * settings.Shift % settings.Length);

    /// <summary>One window of one step.</summary>
    internal static FrameWindow At(WindowSettings settings, int step, int window) =>
        new(window * settings.Stride - ShiftAt(settings, step), settings.Length);
}
