using System.Collections.Immutable;
using HunyuanPortrait.Core.Geometry;

namespace HunyuanPortrait.Media.Faces.Detection;

/// <summary>A face by the 68 points of the iBUG scheme: jaw 0–16, brows 17–26, nose 27–35, eyes 36–47, mouth 48–67.</summary>
public sealed class FaceShape
{
    /// <summary>How many points there are.</summary>
    public const int PointCount = 68;

    // From the brows up to the hairline is as far as from the brows to the base of the nose: a third of the face, half of brows to chin.
    private const double ForeheadPerBrowToChin = 0.5;

    /// <summary>Wraps the points.</summary>
    /// <param name="points">68 points in picture coordinates.</param>
    /// <param name="score">The detector's confidence, (0, 1].</param>
    public FaceShape(ImmutableArray<PicturePoint> points, double score)
    {
        if (points.Length != PointCount)
            throw new ArgumentException($"A face shape has {PointCount} points, not {points.Length}.", nameof(points));
        Points = points;
        Score = score;
    }

    /// <summary>The points, in picture coordinates.</summary>
    public ImmutableArray<PicturePoint> Points { get; }

    /// <summary>The detector's confidence, (0, 1].</summary>
    public double Score { get; }

    /// <summary>The smallest box around all points: brows to chin.</summary>
    public Box Extent => Box.Around(Points.AsSpan());

    /// <summary>
    /// Forehead to chin, as the detector of SPEC §3.1 frames faces (it was trained on boxes that include the forehead). No point lies on the
    /// forehead, so the middles of the brows are moved up, away from the chin.
    /// </summary>
    public Box FaceBox
    {
        get
        {
            var brows = Mean(17, 27);
            var (upX, upY) = (ForeheadPerBrowToChin * (brows.X - Points[8].X), ForeheadPerBrowToChin * (brows.Y - Points[8].Y));
            return Box.Around([.. Points, new(Points[19].X + upX, Points[19].Y + upY), new(Points[24].X + upX, Points[24].Y + upY)]);
        }
    }

    /// <summary>The five points that the model uses; an eye is the mean of its outline.</summary>
    public FaceLandmarks Landmarks => new(Mean(36, 42), Mean(42, 48), Points[30], Points[48], Points[54]);

    /// <summary>What the model asks of a detector.</summary>
    public FaceDetection ToDetection() => new(FaceBox, Landmarks, Score);

    private PicturePoint Mean(int from, int to)
    {
        double x = 0, y = 0;
        for (var i = from; i < to; i++)
            (x, y) = (x + Points[i].X, y + Points[i].Y);
        return new PicturePoint(x / (to - from), y / (to - from));
    }
}
