using System.Collections.Immutable;

namespace HunyuanPortrait.Core.Geometry;

/// <summary>The five points of a face that the model uses, in picture coordinates. Left and right as seen in the picture.</summary>
/// <param name="LeftEye">Centre of the eye.</param>
/// <param name="RightEye">Centre of the eye.</param>
/// <param name="Nose">Tip of the nose.</param>
/// <param name="LeftMouthCorner">Corner of the mouth.</param>
/// <param name="RightMouthCorner">Corner of the mouth.</param>
public sealed record FaceLandmarks(
    PicturePoint LeftEye, PicturePoint RightEye, PicturePoint Nose, PicturePoint LeftMouthCorner, PicturePoint RightMouthCorner)
{
    /// <summary>How many points there are.</summary>
    public const int Count = 5;

    /// <summary>The points in the order of SPEC §3.1: left eye, right eye, nose, left and right corner of the mouth.</summary>
    public ImmutableArray<PicturePoint> Points => [LeftEye, RightEye, Nose, LeftMouthCorner, RightMouthCorner];

    /// <summary>From points in the order of <see cref="Points"/>.</summary>
    /// <exception cref="ArgumentException">There are not five.</exception>
    public static FaceLandmarks FromPoints(ReadOnlySpan<PicturePoint> points) => points.Length == Count
        ? new FaceLandmarks(points[0], points[1], points[2], points[3], points[4])
        : throw new ArgumentException($"A face has {Count} landmarks, not {points.Length}.", nameof(points));
}
