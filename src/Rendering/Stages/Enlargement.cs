using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Resampling;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>Scales pictures on their way to the encoder: bicubic, proportions kept.</summary>
/// <param name="width">Of the scaled pictures.</param>
internal sealed class Enlargement(int width)
{
    private readonly PillowResizer resizer = new();
    private RgbImage? scaled;

    /// <summary>The scaled picture, which the next one overwrites.</summary>
    public RgbImage Of(RgbImage picture)
    {
        scaled ??= RgbImage.Black(width, Math.Max(1, (int)Math.Round((double)width * picture.Height / picture.Width)));
        resizer.Resize(picture, new PixelRegion(0, 0, picture.Width, picture.Height), scaled, ResampleFilter.Bicubic);
        return scaled;
    }
}
