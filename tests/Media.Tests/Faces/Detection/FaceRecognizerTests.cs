using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Faces.Detection;

namespace HunyuanPortrait.Media.Tests.Faces.Detection;

public sealed class FaceRecognizerTests : IDisposable
{
    private const double SamePerson = 0.6;

    private readonly FaceApiDetector detector = FaceApiDetector.Load(FaceFixtures.Loader, FaceFixtures.Models);
    private readonly FaceRecognizer recognizer = FaceRecognizer.Load(FaceFixtures.Loader, FaceFixtures.Models);

    public void Dispose()
    {
        detector.Dispose();
        recognizer.Dispose();
    }

    [Fact]
    public void Distance_SamePersonDarkerAndLarger_IsSmall()
    {
        var darker = FaceFixtures.Paste(FaceFixtures.Astronaut(), (700, 650), (20, 5), enlarge: 2);
        foreach (ref var value in darker.Pixels.Span)
            value = (byte)(value * 2 / 3);
        Assert.InRange(FaceRecognizer.Distance(Describe(FaceFixtures.Astronaut()), Describe(darker)), 0.001, SamePerson);
    }

    [Fact]
    public void Distance_FramesOfOnePerson_IsSmallerThanToAnother()
    {
        var first = Describe(SharedReference.Picture("golden/preprocess/frames/000.png"));
        var last = Describe(SharedReference.Picture("golden/preprocess/frames/004.png"));
        Assert.InRange(FaceRecognizer.Distance(first, last), 0, SamePerson);
        Assert.InRange(FaceRecognizer.Distance(first, Describe(FaceFixtures.Astronaut())), SamePerson, 2);
    }

    private float[] Describe(RgbImage picture) => recognizer.Describe(picture, Assert.Single(detector.FindShapes(picture)));
}
