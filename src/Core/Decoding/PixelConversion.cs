using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Core.Decoding;

/// <summary>Decoded pixels → 8-bit pictures (SPEC §10).</summary>
public static class PixelConversion
{
    /// <summary><c>clamp(0.5·x + 0.5, 0, 1)·255</c> in float32, truncated.</summary>
    /// <param name="decoded">One decoded frame, <c>[3, height, width]</c>, nominally in [−1, 1].</param>
    /// <param name="picture">Receives the pixels.</param>
    /// <exception cref="ArgumentException">The frame has not the picture's size.</exception>
    public static void ToRgb(ReadOnlySpan<float> decoded, RgbImage picture)
    {
        var plane = picture.Width * picture.Height;
        Elementwise.RequireLength(RgbImage.Channels * plane, decoded.Length);
        var red = decoded[..plane];
        var green = decoded[plane..(2 * plane)];
        var blue = decoded[(2 * plane)..];
        var pixels = picture.Pixels.Span;
        for (var i = 0; i < plane; i++)
        {
            pixels[RgbImage.Channels * i] = ToByte(red[i]);
            pixels[RgbImage.Channels * i + 1] = ToByte(green[i]);
            pixels[RgbImage.Channels * i + 2] = ToByte(blue[i]);
        }
    }

    private static byte ToByte(float value) => (byte)(Math.Clamp(0.5f * value + 0.5f, 0, 1) * 255);
}
