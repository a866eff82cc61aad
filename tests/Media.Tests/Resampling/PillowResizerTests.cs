using CsCheck;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Resampling;

namespace HunyuanPortrait.Media.Tests.Resampling;

public sealed class PillowResizerTests
{
    private static readonly RecordedTensors Recorded = RecordedTensors.Fixture("resize-and-masks.safetensors");

    [Theory]
    [InlineData("pil_default_bicubic_w64_h64", ResampleFilter.Bicubic)]
    [InlineData("pil_default_bicubic_w256_h256", ResampleFilter.Bicubic)]
    [InlineData("pil_default_bicubic_w50_h97", ResampleFilter.Bicubic)]
    [InlineData("pil_default_bicubic_w200_h40", ResampleFilter.Bicubic)]
    [InlineData("pil_bilinear_w64_h64", ResampleFilter.Bilinear)]
    [InlineData("pil_bilinear_w256_h200", ResampleFilter.Bilinear)]
    public void Resize_RecordedPicture_IsBitExact(string name, ResampleFilter filter)
    {
        var expected = Recorded.Picture(name);
        var actual = new PillowResizer().Resize(Recorded.Picture("resize_source_uint8_hwc"), expected.Width, expected.Height, filter);
        Assert.Equal(expected.Pixels.ToArray(), actual.Pixels.ToArray());
    }

    [Fact]
    public void Resize_Region_EqualsResizeOfTheCutRegion()
    {
        var source = Recorded.Picture("resize_source_uint8_hwc");
        var region = new PixelRegion(17, 5, 117, 90);
        var destination = RgbImage.Black(40, 60);
        new PillowResizer().Resize(source, region, destination, ResampleFilter.Bicubic);
        var expected = new PillowResizer().Resize(PictureRegions.Cut(source, region), 40, 60, ResampleFilter.Bicubic);
        Assert.Equal(expected.Pixels.ToArray(), destination.Pixels.ToArray());
    }

    [Fact]
    public void Resize_ChangingSizes_LeavesNoTraceOfEarlierOnes()
    {
        var source = Recorded.Picture("resize_source_uint8_hwc");
        var reused = new PillowResizer();
        foreach (var (width, height) in new[] { (200, 300), (10, 7), (131, 20), (64, 97), (300, 5) })
        {
            var expected = new PillowResizer().Resize(source, width, height, ResampleFilter.Bilinear);
            Assert.Equal(expected.Pixels.ToArray(), reused.Resize(source, width, height, ResampleFilter.Bilinear).Pixels.ToArray());
        }
    }

    [Fact]
    public void Resize_OneColour_StaysThatColour() =>
        Gen.Select(Gen.Byte, Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[1, 60]).Sample((value, width, height, newWidth, newHeight) =>
        {
            var source = RgbImage.Black(width, height);
            source.Pixels.Span.Fill(value);
            var result = new PillowResizer().Resize(source, newWidth, newHeight, ResampleFilter.Bicubic);
            return !result.Pixels.Span.ContainsAnyExcept(value);
        });

    [Fact]
    public void Resize_RepeatedSize_AllocatesLessThanOnePictureInTen()
    {
        var source = Recorded.Picture("resize_source_uint8_hwc");
        var destination = RgbImage.Black(64, 64);
        var resizer = new PillowResizer();
        var region = new PixelRegion(0, 0, source.Width, source.Height);
        resizer.Resize(source, region, destination, ResampleFilter.Bicubic);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
            resizer.Resize(source, region, destination, ResampleFilter.Bicubic);
        // Rented rows may have gone with a garbage collection in between; a picture or a table of weights each time would be far more.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, destination.Pixels.Length - 1);
    }

    [Fact]
    public void Resize_RegionOutsideThePicture_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new PillowResizer().Resize(
            RgbImage.Black(10, 10), new PixelRegion(5, 5, 11, 10), RgbImage.Black(4, 4), ResampleFilter.Bilinear));
}
