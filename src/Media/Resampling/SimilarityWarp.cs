using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Media.Resampling;

/// <summary>Warps a picture by a similarity transform (SPEC §3.2 step 7).</summary>
public static class SimilarityWarp
{
    /// <summary>Inverse mapping with bilinear interpolation; pixel centres at integer coordinates, zero outside.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="transform">Picture → result.</param>
    /// <param name="size">Side of the square result.</param>
    /// <returns><c>[1, 3, size, size]</c>, RGB in [0, 1].</returns>
    public static FloatTensor ToUnitPlanes(RgbImage source, SimilarityTransform transform, int size)
    {
        var inverse = transform.Invert();
        var result = FloatTensor.Zeros(1, RgbImage.Channels, size, size);
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var position = inverse.Apply(new PicturePoint(x, y));
                for (var channel = 0; channel < RgbImage.Channels; channel++)
                    result.Values[(channel * size + y) * size + x] = (float)(Sample(source, position, channel) / byte.MaxValue);
            }
        }

        return result;
    }

    private static double Sample(RgbImage source, PicturePoint position, int channel)
    {
        var (left, top) = (Math.Floor(position.X), Math.Floor(position.Y));
        var (right, down) = (position.X - left, position.Y - top);
        var (x, y) = ((int)left, (int)top);
        var upper = (1 - right) * Pixel(source, x, y, channel) + right * Pixel(source, x + 1, y, channel);
        var lower = (1 - right) * Pixel(source, x, y + 1, channel) + right * Pixel(source, x + 1, y + 1, channel);
        return (1 - down) * upper + down * lower;
    }

    private static double Pixel(RgbImage source, int x, int y, int channel) =>
        (uint)x < (uint)source.Width && (uint)y < (uint)source.Height
            ? source.Pixels.Span[(y * source.Width + x) * RgbImage.Channels + channel]
            : 0;
}
