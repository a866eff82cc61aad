using CsCheck;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Tests.Recorded;

namespace HunyuanPortrait.Core.Tests.Geometry;

public sealed class SimilarityTransformTests
{
    // The recorded rotation carries float32 rounding (about 3e-8); at 260 pixels from the origin that moves the translation by 1e-5 pixels.
    private const double MatrixTolerance = 2e-5;

    private static readonly Gen<PicturePoint> Point = Gen.Select(Gen.Double[-500, 500], Gen.Double[-500, 500], (x, y) => new PicturePoint(x, y));

    [Theory, InlineData("preprocess-a"), InlineData("preprocess-b")]
    public void FromLandmarks_RecordedFaces_GivesRecordedMatrix(string name)
    {
        var recorded = Fixture.Json(name);
        var matrix = recorded.GetProperty("arcface_similarity_matrix").EnumerateArray().Select(Fixture.Doubles).ToArray();
        var face = FaceDetection.Largest(RecordedFaces.Of(recorded)[1])!;
        var transform = ArcFaceAlignment.FromLandmarks(face.Landmarks);
        Assert.Equal(matrix[0], [transform.A, -transform.B, transform.X], (a, b) => Math.Abs(a - b) < MatrixTolerance);
        Assert.Equal(matrix[1], [transform.B, transform.A, transform.Y], (a, b) => Math.Abs(a - b) < MatrixTolerance);
    }

    [Fact]
    public void Fit_PointsMovedByATransform_FindsIt()
    {
        var transforms = Gen.Select(Gen.Double[0.1, 10], Gen.Double[0, 6.28], Point, (scale, angle, move) =>
            new SimilarityTransform(scale * Math.Cos(angle), scale * Math.Sin(angle), move.X, move.Y));
        Gen.Select(transforms, Point.Array[3, 8].Where(ReachFurtherThanAPixel)).Sample((transform, points) =>
        {
            var moved = points.Select(transform.Apply).ToArray();
            var fitted = SimilarityTransform.Fit(points, moved);
            foreach (var (point, target) in points.Zip(moved))
            {
                AssertNear(target, fitted.Apply(point));
                AssertNear(point, fitted.Invert().Apply(target));
            }
        });
    }

    [Fact]
    public void Fit_CoincidentPoints_IsRefused() =>
        Assert.Throws<ArgumentException>(() => SimilarityTransform.Fit(new PicturePoint[2], new PicturePoint[2]));

    // Points 1e-74 apart are different, and the same once they are moved by hundreds of pixels.
    private static bool ReachFurtherThanAPixel(PicturePoint[] points) =>
        points.Any(point => Math.Abs(point.X - points[0].X) > 1 || Math.Abs(point.Y - points[0].Y) > 1);

    private static void AssertNear(PicturePoint expected, PicturePoint actual)
    {
        Assert.Equal(expected.X, actual.X, 1e-6);
        Assert.Equal(expected.Y, actual.Y, 1e-6);
    }
}
