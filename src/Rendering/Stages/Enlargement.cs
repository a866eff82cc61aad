using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Resampling;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>Scales pictures on their way to the encoder.</summary>
internal static class Enlargement
{
    /// <summary>Bicubic, proportions kept. The picture that is yielded is overwritten by the next one.</summary>
    public static IEnumerable<RgbImage> Of(IEnumerable<RgbImage> frames, int width)
    {
        var resizer = new PillowResizer();
        RgbImage? scaled = null;
        foreach (var frame in frames)
        {
            scaled ??= RgbImage.Black(width, Math.Max(1, (int)Math.Round((double)width * frame.Height / frame.Width)));
            resizer.Resize(frame, new Core.Geometry.PixelRegion(0, 0, frame.Width, frame.Height), scaled, ResampleFilter.Bicubic);
            yield return scaled;
        }
    }
}
