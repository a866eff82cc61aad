using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Crops;

namespace HunyuanPortrait.Media.Tests.Crops;

public sealed class FaceTrackerTests
{
    private static readonly RgbImage Frame = RgbImage.Black(100, 80);

    [Fact]
    public void Next_MissingFace_HoldsTheNewest()
    {
        var tracker = Tracker(MissingFacePolicy.Hold, 1, null, 2, null, null);
        Assert.Equal([1, 1, 2, 2, 2], Enumerable.Range(0, 5).Select(_ => tracker.Next(Frame)!.Score));
        Assert.Equal(new FaceCounts(2, 3, 0), tracker.Counts);
    }

    [Fact]
    public void Next_LeadingFramesWithoutFace_UseTheSoughtFirstOne()
    {
        var tracker = Tracker(MissingFacePolicy.Hold, null, null, 3, null, null, 3);
        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(_ => tracker.Seek(Frame)));
        Assert.Equal([3, 3, 3], Enumerable.Range(0, 3).Select(_ => tracker.Next(Frame)!.Score));
        Assert.Equal(new FaceCounts(1, 2, 0), tracker.Counts);
        Assert.Equal(3, tracker.FirstFace!.Score);
    }

    [Fact]
    public void Next_DropPolicy_LeavesFramesOut()
    {
        var tracker = Tracker(MissingFacePolicy.Drop, null, 1, null);
        Assert.Equal([null, 1, null], Enumerable.Range(0, 3).Select(_ => tracker.Next(Frame)?.Score));
        Assert.Equal(new FaceCounts(1, 0, 2), tracker.Counts);
    }

    [Fact]
    public void Next_FailPolicy_NamesTheFrame()
    {
        var tracker = Tracker(MissingFacePolicy.Fail, 1, 1, null);
        tracker.Next(Frame);
        tracker.Next(Frame);
        var refusal = Assert.Throws<RenderException>(() => tracker.Next(Frame));
        Assert.Equal("HP1302", refusal.Code);
        Assert.Contains("frame 2 ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoFaceAnywhere_AfterSeeking_CountsTheFrames()
    {
        var tracker = Tracker(MissingFacePolicy.Hold, null, null);
        Assert.False(tracker.Seek(Frame) | tracker.Seek(Frame));
        Assert.Contains("2 driving frames", tracker.NoFaceAnywhere().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_GivenBox_NeedsNoDetector()
    {
        var tracker = new FaceTracker(new ScriptedFaceDetector([]), FaceSelection.InBox(new Box(10, 10, 50, 60)));
        Assert.Equal(new Box(10, 10, 50, 60), tracker.Next(Frame)!.Box);
    }

    [Theory]
    [InlineData(-1, 0, 20, 20)]
    [InlineData(0, 0, 101, 20)]
    [InlineData(10, 10, 10, 20)]
    public void Next_BoxOutsideTheFrame_IsRefused(double left, double top, double right, double bottom)
    {
        var tracker = new FaceTracker(new ScriptedFaceDetector([]), FaceSelection.InBox(new Box(left, top, right, bottom)));
        Assert.Equal("HP1304", Assert.Throws<RenderException>(() => tracker.Next(Frame)).Code);
    }

    private static FaceTracker Tracker(MissingFacePolicy policy, params int?[] scores) =>
        new(new ScriptedFaceDetector(scores.Select(score => (IReadOnlyList<FaceDetection>)(score is { } value ? [Face(value)] : []))), policy: policy);

    private static FaceDetection Face(double score) => new(
        new Box(30, 20, 70, 60), new FaceLandmarks(new(40, 35), new(60, 35), new(50, 45), new(43, 53), new(57, 53)), score);
}
