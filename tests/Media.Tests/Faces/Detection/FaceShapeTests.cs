using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Media.Faces.Detection;

namespace HunyuanPortrait.Media.Tests.Faces.Detection;

public sealed class FaceShapeTests
{
    [Fact]
    public void Landmarks_Always_AreEyeMeansNoseTipAndMouthCorners()
    {
        // Point i lies at (i, 2i), so a mean over neighbours is the middle index.
        var shape = new FaceShape([.. Enumerable.Range(0, 68).Select(i => new PicturePoint(i, 2 * i))], 0.7);
        Assert.Equal([38.5, 44.5, 30, 48, 54], shape.Landmarks.Points.Select(point => point.X));
        Assert.Equal([77, 89, 60, 96, 108], shape.Landmarks.Points.Select(point => point.Y));
        Assert.Equal(0.7, shape.ToDetection().Score);
    }

    [Fact]
    public void FaceBox_UprightFace_AddsAForehead()
    {
        var box = Drawn(chin: new PicturePoint(50, 100), brow: 40).FaceBox;
        Assert.Equal(new Box(0, 10, 90, 100), box);
    }

    [Fact]
    public void FaceBox_FaceUpsideDown_AddsTheForeheadBelow()
    {
        var box = Drawn(chin: new PicturePoint(50, 0), brow: 40).FaceBox;
        Assert.Equal(new Box(0, 0, 90, 60), box);
    }

    [Fact]
    public void Constructor_OtherNumberOfPoints_Throws() =>
        Assert.Throws<ArgumentException>(() => new FaceShape([new PicturePoint(0, 0)], 1));

    // Jaw from x = 0 to 90 at the brows' height, brows on a line around x = 50.
    private static FaceShape Drawn(PicturePoint chin, double brow)
    {
        var points = Enumerable.Repeat(new PicturePoint(50, brow), 68).ToArray();
        points[0] = new PicturePoint(0, brow);
        points[16] = new PicturePoint(90, brow);
        points[8] = chin;
        return new FaceShape([.. points], 1);
    }
}
