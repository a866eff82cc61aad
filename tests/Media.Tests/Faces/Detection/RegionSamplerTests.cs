using CsCheck;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Faces.Detection;

namespace HunyuanPortrait.Media.Tests.Faces.Detection;

public sealed class RegionSamplerTests
{
    // Two rows of four pixels; red counts 0 … 7, green is constant, blue is black.
    private static readonly RgbImage Ramp = new(4, 2, Enumerable.Range(0, 8).SelectMany(i => new byte[] { (byte)(10 * i), 200, 0 }).ToArray());

    [Fact]
    public void Sample_RegionOfTheSameSize_CopiesPixels() =>
        Assert.Equal([10, 20, 50, 60], Sample(new Box(1, 0, 3, 2), 2)[..4]);

    [Fact]
    public void Sample_Planes_AreRedGreenBlue()
    {
        var planes = Sample(new Box(0, 0, 2, 2), 2);
        Assert.Equal([200, 200, 200, 200], planes[4..8]);
        Assert.Equal([0, 0, 0, 0], planes[8..]);
    }

    [Fact]
    public void Sample_HalfAPixelFurther_IsBetweenTheNeighbours() =>
        // The mean of 0, 10, 40 and 50.
        Assert.Equal(25, Sample(new Box(0.5, 0.5, 1.5, 1.5), 1)[0], 3);

    [Fact]
    public void Sample_OutsideOfThePicture_IsBlack()
    {
        var planes = Sample(new Box(-2, 0, 0, 2), 2);
        Assert.All(planes, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Sample_HalfOutside_KeepsTheInside() => Assert.Equal([0, 0, 0, 40], Sample(new Box(-1, 0, 1, 2), 2)[..4]);

    [Fact]
    public void Sample_AnyRegionWithinAConstantPicture_IsConstant()
    {
        var grey = RgbImage.Black(40, 30);
        grey.Pixels.Span.Fill(77);
        // The filter reaches one step beyond the region.
        Gen.Select(Gen.Double[8, 15], Gen.Double[8, 12], Gen.Double[1, 9], Gen.Int[2, 20]).Sample((left, top, side, size) =>
        {
            var planes = new float[3 * size * size];
            RegionSampler.Sample(grey, Box.FromSize(left, top, side, side), size, planes);
            return planes.All(value => Math.Abs(value - 77) < 1e-3);
        });
    }

    private static float[] Sample(Box region, int size)
    {
        var planes = new float[3 * size * size];
        RegionSampler.Sample(Ramp, region, size, planes);
        return planes;
    }
}
