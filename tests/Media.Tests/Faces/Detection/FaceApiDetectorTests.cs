using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Faces.Detection;

namespace HunyuanPortrait.Media.Tests.Faces.Detection;

public sealed class FaceApiDetectorTests : IDisposable
{
    // Placed by eye on the photograph: left eye, right eye, nose, corners of the mouth.
    private static readonly PicturePoint[] Expected = [new(139, 101), new(183.5, 103), new(160, 127), new(140, 140), new(180, 141.5)];

    private readonly FaceApiDetector detector = FaceApiDetector.Load(FaceFixtures.Loader, FaceFixtures.Models);

    public void Dispose() => detector.Dispose();

    [Fact]
    public void Detect_Photograph_FindsTheFiveLandmarks()
    {
        var face = Assert.Single(detector.Detect(FaceFixtures.Astronaut()));
        AssertNear(Expected, face, 4);
        Assert.InRange(face.Score, 0.5, 1);
    }

    [Fact]
    public void Detect_Photograph_FramesForeheadToChin()
    {
        var box = Assert.Single(detector.Detect(FaceFixtures.Astronaut())).Box;
        Assert.InRange(box.Left, 105, 120);
        Assert.InRange(box.Right, 200, 215);
        Assert.InRange(box.Top, 35, 60);
        Assert.InRange(box.Bottom, 170, 190);
    }

    [Fact]
    public void Detect_SamePictureTwice_GivesTheSameNumbers() =>
        Assert.Equal(detector.Detect(FaceFixtures.Astronaut()), detector.Detect(FaceFixtures.Astronaut()));

    [Fact]
    public void Detect_NoFace_FindsNothing() => Assert.Empty(detector.Detect(RgbImage.Black(640, 360)));

    [Fact]
    public void Detect_OnePixel_FindsNothing() => Assert.Empty(detector.Detect(RgbImage.Black(1, 1)));

    [Fact]
    public void Detect_TwoFaces_FindsBoth()
    {
        var astronaut = FaceFixtures.Astronaut();
        var two = FaceFixtures.Paste(astronaut, (640, 320), (0, 0));
        foreach (var y in Enumerable.Range(0, 320))
            astronaut.Row(y).CopyTo(two.Row(y)[(320 * RgbImage.Channels)..]);
        var faces = detector.Detect(two);
        Assert.Equal(2, faces.Count);
        Assert.All(faces, face => AssertNear(face.Box.Left < 320 ? Expected : Moved(320, 0), face, 8));
    }

    [Fact]
    public void Detect_FaceFillsThePicture_IsFound()
    {
        // The face alone, four times as large: 340 of 400 columns.
        var close = FaceFixtures.Paste(FaceFixtures.Astronaut(), (400, 560), (-444, -140), enlarge: 4);
        var face = Assert.Single(detector.Detect(close));
        AssertNear([.. Expected.Select(point => new PicturePoint(4 * point.X - 444, 4 * point.Y - 140))], face, 24);
    }

    [Fact]
    public void Detect_SmallFaceInALargePicture_IsFound()
    {
        // 95 of 3,200 columns: too small at any size of the whole picture, found in its parts.
        var large = FaceFixtures.Paste(FaceFixtures.Astronaut(), (3200, 1800), (2300, 1100));
        AssertNear(Moved(2300, 1100), Assert.Single(detector.Detect(large)), 8);
    }

    [Fact]
    public async Task Detect_FromManyThreads_GivesTheSameFaces()
    {
        var picture = FaceFixtures.Astronaut();
        var alone = detector.Detect(picture);
        var token = TestContext.Current.CancellationToken;
        var together = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => detector.Detect(picture), token)));
        Assert.All(together, faces => Assert.Equal(alone, faces));
    }

    [Theory, InlineData("assets/source_image.png"), InlineData("golden/preprocess/frames/000.png")]
    public void Detect_SamplePictures_HaveOneFace(string file)
    {
        var face = Assert.Single(detector.Detect(SharedReference.Picture(file)));
        Assert.True(face.Landmarks.LeftEye.X < face.Landmarks.RightEye.X);
        Assert.True(face.Landmarks.LeftEye.Y < face.Landmarks.Nose.Y && face.Landmarks.Nose.Y < face.Landmarks.LeftMouthCorner.Y);
        Assert.InRange(face.Box.Width, 150, 400);
    }

    private static PicturePoint[] Moved(double x, double y) => [.. Expected.Select(point => new PicturePoint(point.X + x, point.Y + y))];

    private static void AssertNear(PicturePoint[] expected, FaceDetection face, double tolerance)
    {
        var actual = face.Landmarks.Points;
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(Math.Max(Math.Abs(expected[i].X - actual[i].X), Math.Abs(expected[i].Y - actual[i].Y)), 0, tolerance);
    }
}
