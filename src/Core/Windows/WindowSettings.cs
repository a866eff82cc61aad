namespace HunyuanPortrait.Core.Windows;

/// <summary>How a clip is cut into windows (SPEC §9.6).</summary>
/// <param name="Length">Frames per window.</param>
/// <param name="Overlap">Frames that neighbours share; less than <paramref name="Length"/>.</param>
/// <param name="Shift">How far the grid moves back after every step, modulo <paramref name="Length"/>.</param>
public sealed record WindowSettings(int Length, int Overlap, int Shift)
{
    /// <summary>Distance between the starts of neighbouring windows.</summary>
    public int Stride => Length - Overlap;
}
