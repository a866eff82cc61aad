using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Resampling;

namespace HunyuanPortrait.Media.Tests.Resampling;

public sealed class PictureRegionsTests
{
    private static readonly RecordedTensors Recorded = RecordedTensors.Fixture("resize-and-masks.safetensors");

    [Theory]
    [InlineData("center_crop")]
    [InlineData("center_crop2")]
    public void Cut_RecordedCentreCrop_IsBitExact(string name)
    {
        var corners = Recorded.Doubles($"{name}_source_box");
        var region = ExpressionCrop.CentreSquare(new Box(corners[0], corners[1], corners[2], corners[3]));
        var expected = Recorded.Picture($"{name}_output_uint8_hwc");
        var actual = PictureRegions.Cut(Recorded.Picture("resize_source_uint8_hwc"), region);
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.Equal(expected.Pixels.ToArray(), actual.Pixels.ToArray());
    }

    [Fact]
    public void Cut_RegionFarOutside_IsBlack()
    {
        var source = RgbImage.Black(10, 10);
        source.Pixels.Span.Fill(200);
        Assert.False(PictureRegions.Cut(source, new PixelRegion(-30, -30, -10, -10)).Pixels.Span.ContainsAnyExcept((byte)0));
        Assert.False(PictureRegions.Cut(source, new PixelRegion(20, 0, 30, 10)).Pixels.Span.ContainsAnyExcept((byte)0));
    }
}
