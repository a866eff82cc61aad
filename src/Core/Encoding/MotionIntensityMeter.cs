using HunyuanPortrait.Core.Geometry;

namespace HunyuanPortrait.Core.Encoding;

/// <summary>Measures how strongly head and expression move in a motion group (SPEC §3.4).</summary>
public static class MotionIntensityMeter
{
    private const int Largest = 127;
    private const double ExpressionScale = 1024;
    private const double HeadScale = 256;

    /// <summary>The ids of one group; (0, 0) for a single frame.</summary>
    /// <param name="group">Landmarks of the group's frames, at least one.</param>
    /// <exception cref="ArgumentException">The group is empty, or all points of its first face coincide.</exception>
    public static MotionIntensity Measure(IReadOnlyList<FaceLandmarks> group)
    {
        if (group.Count == 0)
            throw new ArgumentException("A motion group has at least one frame.", nameof(group));
        var relative = group.Select(RelativeToNose).ToArray();
        var size = FaceSize(relative[0]);
        if (!(size > 0))
            throw new ArgumentException("All landmarks of the group's first face coincide.", nameof(group));
        var head = MeanDistanceFromMean([.. group.Select(face => face.Nose)]);
        var expression = Enumerable.Range(0, FaceLandmarks.Count)
            .Average(point => MeanDistanceFromMean([.. relative.Select(face => face[point])]));
        return new MotionIntensity(Quantise(head / size * HeadScale), Quantise(expression / size * ExpressionScale));
    }

    private static PicturePoint[] RelativeToNose(FaceLandmarks face) =>
        [.. face.Points.Select(point => new PicturePoint(point.X - face.Nose.X, point.Y - face.Nose.Y))];

    private static double FaceSize(ReadOnlySpan<PicturePoint> points)
    {
        var box = Box.Around(points);
        return Math.Sqrt(box.Width * box.Width + box.Height * box.Height);
    }

    private static double MeanDistanceFromMean(PicturePoint[] points)
    {
        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        return points.Average(point => Math.Sqrt((point.X - x) * (point.X - x) + (point.Y - y) * (point.Y - y)));
    }

    private static int Quantise(double value) => Math.Clamp((int)value, 0, Largest);
}
