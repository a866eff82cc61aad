using CsCheck;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Tests.Segments;

/// <summary>Segment plans of all sorts: clips shorter than a stride and than a window, wrapping grids, no overlap and almost full overlap.</summary>
internal static class Plans
{
    public static readonly Gen<WindowSettings> Settings =
        Gen.Int[1, 30].SelectMany(length => Gen.Select(Gen.Int[0, length - 1], Gen.Int[0, 40], (overlap, shift) => new WindowSettings(length, overlap, shift)));

    /// <summary>A plan and one of its steps.</summary>
    public static readonly Gen<(SegmentPlan Plan, int Step)> Any = Gen.Select(
        Gen.Frequency((1, Gen.Int[1, 12]), (3, Gen.Int[1, 160])), Settings, Gen.Int[0, 30],
        (frames, settings, step) => (new SegmentPlan(frames, settings, 31), step));

    /// <summary>A plan of few windows and steps, for whole runs.</summary>
    public static readonly Gen<SegmentPlan> Small =
        Gen.Int[1, 9].SelectMany(length => Gen.Select(
            Gen.Int[1, 40], Gen.Int[0, length - 1], Gen.Int[0, 12], Gen.Int[1, 7],
            (frames, overlap, shift, steps) => new SegmentPlan(frames, new WindowSettings(length, overlap, shift), steps)));
}
