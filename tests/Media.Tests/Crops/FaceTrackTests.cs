using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Crops;

namespace HunyuanPortrait.Media.Tests.Crops;

public sealed class FaceTrackTests : IDisposable
{
    private static readonly RgbImage Frame = RgbImage.Black(100, 80);
    private readonly string path = Path.Combine(Path.GetTempPath(), $"track-{Path.GetRandomFileName()}.json");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void Track_WrittenAndRead_KeepsFacesToATenth()
    {
        var face = Face(10.04);
        FaceTrack.Write(path, Frame.Width, Frame.Height, [face, Face(20)]);
        var track = FaceTrack.Read(path);
        Assert.Equal(2, track.Count);
        var read = Tracker(track).Next(Frame)!;
        Assert.Equal(new Box(10, 5, 40, 45), read.Box);
        Assert.All(read.Landmarks.Points.Zip(face.Landmarks.Points), pair => Assert.Equal(pair.Second.X, pair.First.X, 0.051));
    }

    [Fact]
    public void Tracker_OnATrack_FollowsItFrameByFrame()
    {
        FaceTrack.Write(path, Frame.Width, Frame.Height, [Face(1), Face(2), Face(3), Face(4)]);
        var whole = Tracker(FaceTrack.Read(path));
        Assert.True(whole.Seek(Frame));
        Assert.Equal([1.0, 2, 3, 4], Enumerable.Range(0, 4).Select(_ => whole.Next(Frame)!.Box.Left));
        var part = Tracker(FaceTrack.Read(path), first: 2);
        Assert.True(part.Seek(Frame));
        Assert.Equal([3.0, 4], Enumerable.Range(0, 2).Select(_ => part.Next(Frame)!.Box.Left));
        Assert.Equal("HP1306", Assert.Throws<RenderException>(() => part.Next(Frame)).Code);
    }

    [Fact]
    public void Track_OfPicturesOfAnotherSize_IsRefused()
    {
        FaceTrack.Write(path, 50, 50, [Face(1)]);
        Assert.Equal("HP1307", Assert.Throws<RenderException>(() => Tracker(FaceTrack.Read(path)).Next(Frame)).Code);
    }

    [Theory, InlineData("{"), InlineData("{}"), InlineData("{\"width\":1,\"height\":1,\"faces\":[]}"), InlineData("{\"width\":1,\"height\":1,\"faces\":[[1,2]]}")]
    public void Read_OfSomethingElse_IsRefused(string content)
    {
        File.WriteAllText(path, content);
        Assert.Equal("HP1307", Assert.Throws<RenderException>(() => FaceTrack.Read(path)).Code);
    }

    [Fact]
    public void Read_OfAMissingFile_IsRefused() => Assert.Equal("HP1307", Assert.Throws<RenderException>(() => FaceTrack.Read(path + ".none")).Code);

    private static FaceTracker Tracker(FaceTrack track, long first = 0) =>
        new(new ScriptedFaceDetector([]), FaceSelection.Tracked(track).StartingAt(first), MissingFacePolicy.Fail);

    private static FaceDetection Face(double left) => new(
        new Box(left, 5, 40, 45), FaceLandmarks.FromPoints([new(left + 5, 15), new(30, 15), new(20, 25), new(15, 35), new(25, 35)]), 1);
}
