using HunyuanPortrait.Evaluation.Measures;

namespace HunyuanPortrait.Evaluation.Tests.Measures;

public sealed class PictureMeasureTests
{
    [Fact]
    public void Psnr_OfKnownError_IsTheFormulas()
    {
        var error = PictureError.Squared(Pictures.Grey(100), Pictures.Grey(110));
        Assert.Equal(100, error.Mean);
        Assert.Equal(28.1308, PictureError.Psnr(error.Mean), 4);
        Assert.Equal(double.PositiveInfinity, PictureError.Psnr(PictureError.Squared(Pictures.Grey(3), Pictures.Grey(3)).Mean));
    }

    [Fact]
    public void Squared_OutsideTheMask_CountsNothing()
    {
        var mask = new float[Pictures.Side * Pictures.Side];
        mask[0] = 1; // the bar begins at column 4
        mask[5] = 0.5f;
        var error = PictureError.Squared(Pictures.Bar(4), Pictures.Grey(40), mask);
        Assert.Equal(0.5 * 160 * 160 / 1.5, error.Mean, 6);
    }

    [Fact]
    public void PicturesOfOtherSizes_AreRefused() =>
        Assert.Throws<ArgumentException>(() => PictureError.Squared(Pictures.Grey(0), Core.Pictures.RgbImage.Black(4, 4)));

    [Fact]
    public void Similarity_FallsWithBlurAndVanishesForNegatives()
    {
        var picture = Pictures.Bar(6);
        Assert.Equal(1, StructuralSimilarity.Of(picture, picture, Pictures.Everywhere).Mean, 9);
        var blurred = StructuralSimilarity.Of(Pictures.Blurred(picture), picture, Pictures.Everywhere).Mean;
        Assert.InRange(blurred, 0.3, 0.99);
        var negative = Core.Pictures.RgbImage.Black(Pictures.Side, Pictures.Side);
        for (var i = 0; i < negative.Pixels.Length; i++)
            negative.Pixels.Span[i] = (byte)(240 - picture.Pixels.Span[i]);
        Assert.True(StructuralSimilarity.Of(negative, picture, Pictures.Everywhere).Mean < 0.2);
    }

    [Fact]
    public void EdgeEnergy_OfABar_IsCounted()
    {
        // Two sides of 160 over 23 pairs in every row; nothing changes downwards.
        Assert.Equal(2 * 160.0 * 160 / 23, EdgeEnergy.Of(Pictures.Bar(4)), 6);
        Assert.Equal(0, EdgeEnergy.Of(Pictures.Grey(7)));
        Assert.True(EdgeEnergy.Of(Pictures.Blurred(Pictures.Bar(4))) < 0.5 * EdgeEnergy.Of(Pictures.Bar(4)));
    }
}
