using CsCheck;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Tests.Recorded;

namespace HunyuanPortrait.Core.Tests.Geometry;

public sealed class SquareBoxTests
{
    [Fact]
    public void Around_RecordedBoxes_GivesRecordedSquares()
    {
        var examples = Fixture.Json("process-bbox-examples").EnumerateArray().ToList();
        Assert.Equal(60, examples.Count);
        foreach (var example in examples)
        {
            var box = example.GetProperty("box_xyxy").Doubles();
            var square = SquareBox.Around(
                new Box(box[0], box[1], box[2], box[3]), example.GetProperty("width").GetInt32(), example.GetProperty("height").GetInt32());
            var result = example.GetProperty("result").Ints();
            Assert.Equal(new PixelRegion(result[0], result[1], result[2], result[3]), square);
        }
    }

    [Fact]
    public void Around_AnyFaceInsideItsPicture_StaysInsideAndIsSquareWithinAPixel()
    {
        var picture = Gen.Select(Gen.Int[16, 4000], Gen.Int[16, 4000]);
        Gen.Select(picture, Gen.Double[0, 0.9], Gen.Double[0, 0.9], Gen.Double[0.05, 1], Gen.Double[0.05, 1]).Sample((size, x, y, w, h) =>
        {
            var (width, height) = size;
            var face = new Box(x * width, y * height, Math.Min(x + w, 1) * width, Math.Min(y + h, 1) * height);
            var square = SquareBox.Around(face, width, height);
            Assert.InRange(Math.Abs(square.Width - square.Height), 0, 1);
            Assert.True(square.Left >= 0 && square.Top >= 0 && square.Right <= width && square.Bottom <= height, $"{square} in {width}×{height}");
        });
    }
}
