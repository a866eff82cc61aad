using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Tests.Recorded;

namespace HunyuanPortrait.Core.Tests.Geometry;

public sealed class ExpressionCropTests
{
    [Theory, InlineData("preprocess-a"), InlineData("preprocess-b")]
    public void BoxOf_RecordedLandmarks_GivesRecordedBoxesAndSides(string name)
    {
        var recorded = Fixture.Json(name);
        var first = recorded.GetProperty("stale_bbox_xyxy").Doubles();
        var firstFace = new Box(first[0], first[1], first[2], first[3]);
        var frames = RecordedFaces.Of(recorded).Skip(2);
        foreach (var (faces, expected) in frames.Zip(recorded.GetProperty("face_motion_boxes").EnumerateArray()))
        {
            var landmarks = FaceDetection.Largest(faces)!.Landmarks;
            var box = ExpressionCrop.BoxOf(landmarks, firstFace);
            var sides = expected.GetProperty("box").Doubles();
            Assert.Equal(sides, [box.Left, box.Top, box.Right, box.Bottom], (a, b) => Math.Abs(a - b) < 1e-9);
            var region = ExpressionCrop.RegionOf(landmarks, firstFace);
            var side = expected.GetProperty("crop_hw").Ints();
            Assert.Equal((side[0], side[1]), (region.Height, region.Width));
        }
    }

    [Fact]
    public void CentreSquare_BoxReachingOutside_KeepsItsCentreAndSide() =>
        Assert.Equal(new PixelRegion(-10, -23, 120, 107), ExpressionCrop.CentreSquare(new Box(-10.5, -5.2, 120.7, 90.9)));

    [Fact]
    public void Largest_SeveralFaces_TakesTheFirstOfTheLargest()
    {
        var landmarks = new FaceLandmarks(default, default, default, default, default);
        FaceDetection[] faces =
        [
            new(Box.FromSize(0, 0, 5, 5), landmarks, 0.9),
            new(Box.FromSize(1, 1, 10, 10), landmarks, 0.6),
            new(Box.FromSize(2, 2, 10, 10), landmarks, 0.8),
        ];
        Assert.Same(faces[1], FaceDetection.Largest(faces));
        Assert.Null(FaceDetection.Largest([]));
    }
}
