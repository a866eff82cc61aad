using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Media.Resampling;

/// <summary>Interleaved bytes ↔ planar floats.</summary>
public static class PicturePlanes
{
    private static readonly float[] UnitValues = [.. Enumerable.Range(0, 256).Select(value => value / 255f)];

    /// <summary>Values in [0, 1].</summary>
    /// <param name="image">The picture.</param>
    /// <param name="planes">Receives <c>[3, height, width]</c>.</param>
    public static void ToUnit(RgbImage image, Span<float> planes)
    {
        var pixels = image.Pixels.Span;
        var planeLength = image.Width * image.Height;
        if (planes.Length != planeLength * RgbImage.Channels)
            throw new ArgumentException($"A picture of {image.Width}×{image.Height} fills {planeLength * RgbImage.Channels} floats, not {planes.Length}.", nameof(planes));
        var red = planes[..planeLength];
        var green = planes.Slice(planeLength, planeLength);
        var blue = planes[(2 * planeLength)..];
        for (var i = 0; i < planeLength; i++)
        {
            red[i] = UnitValues[pixels[3 * i]];
            green[i] = UnitValues[pixels[3 * i + 1]];
            blue[i] = UnitValues[pixels[3 * i + 2]];
        }
    }

    /// <summary>Values in [0, 1] on new memory, <c>[3, height, width]</c>.</summary>
    public static FloatTensor ToUnit(RgbImage image)
    {
        var planes = FloatTensor.Zeros(RgbImage.Channels, image.Height, image.Width);
        ToUnit(image, planes.Values);
        return planes;
    }
}
