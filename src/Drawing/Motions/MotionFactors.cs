using System.Collections.Immutable;

namespace HunyuanPortrait.Drawing.Motions;

/// <summary>One factor of <see cref="Motion"/>.</summary>
/// <param name="Name">As in files and documents.</param>
/// <param name="Least">Smallest value.</param>
/// <param name="Most">Largest value.</param>
/// <param name="Rest">In <see cref="Motion.Neutral"/>.</param>
public sealed record MotionFactor(string Name, float Least, float Most, float Rest);

/// <summary>The factors' order, names and ranges.</summary>
public static class MotionFactors
{
    /// <summary>How many there are.</summary>
    public const int Count = 15;

    /// <summary>In the order of vectors.</summary>
    public static ImmutableArray<MotionFactor> All { get; } =
    [
        new("yaw", -0.6f, 0.6f, 0), new("pitch", -0.4f, 0.4f, 0), new("roll", -0.4f, 0.4f, 0),
        new("shiftX", -0.12f, 0.12f, 0), new("shiftY", -0.12f, 0.12f, 0), new("scale", 0.85f, 1.15f, 1),
        new("leftEye", 0, 1, 0.8f), new("rightEye", 0, 1, 0.8f), new("gazeX", -1, 1, 0), new("gazeY", -1, 1, 0),
        new("browRaise", 0, 1, 0), new("browFrown", 0, 1, 0), new("jaw", 0, 1, 0), new("mouthWidth", -1, 1, 0), new("smile", -1, 1, 0.1f),
    ];
}
