using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Rendering.Stages;

namespace HunyuanPortrait.Rendering.Tests.Stages;

public sealed class EnlargementTests
{
    [Fact]
    public void Pictures_Always_KeepProportionsAndEvenColours()
    {
        var grey = RgbImage.Black(8, 4);
        grey.Pixels.Span.Fill(90);
        var scaled = new Enlargement(32).Of(grey);
        Assert.Equal((32, 16), (scaled.Width, scaled.Height));
        Assert.All(scaled.Pixels.ToArray(), value => Assert.Equal(90, value));
    }
}
