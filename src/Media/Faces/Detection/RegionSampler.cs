using System.Buffers;
using System.Numerics.Tensors;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Media.Faces.Detection;

/// <summary>
/// Cuts a region of fractional position out of a picture and resizes it to a square of planar floats in [0, 255], with an antialiased bilinear
/// filter. What lies outside the picture is black.
/// </summary>
internal static class RegionSampler
{
    /// <summary>Samples a region.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="region">In picture coordinates; stretched if it is not square.</param>
    /// <param name="size">Side of the result.</param>
    /// <param name="planes">Receives <c>[3, size, size]</c>.</param>
    public static void Sample(RgbImage image, Box region, int size, Span<float> planes)
    {
        var rows = TriangleTaps.Create(region.Top, region.Height, size, image.Height);
        var columns = TriangleTaps.Create(region.Left, region.Width, size, image.Width);
        var length = image.Width * RgbImage.Channels;
        var buffer = ArrayPool<float>.Shared.Rent(2 * length);
        try
        {
            var line = buffer.AsSpan(0, length);
            var row = buffer.AsSpan(length, length);
            for (var y = 0; y < size; y++)
            {
                BlendRows(image, rows, y, line, row);
                BlendColumns(line, columns, size, planes[(y * size)..]);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    private static void BlendRows(RgbImage image, TriangleTaps taps, int y, Span<float> line, Span<float> row)
    {
        line.Clear();
        var source = taps.First[y];
        foreach (var weight in taps.Weights(y))
        {
            TensorPrimitives.ConvertTruncating<byte, float>(image.Row(source++), row);
            TensorPrimitives.MultiplyAdd(row, weight, line, line);
        }
    }

    private static void BlendColumns(ReadOnlySpan<float> line, TriangleTaps taps, int size, Span<float> planes)
    {
        var plane = size * size;
        for (var x = 0; x < size; x++)
        {
            var source = taps.First[x] * RgbImage.Channels;
            float red = 0, green = 0, blue = 0;
            foreach (var weight in taps.Weights(x))
            {
                red += weight * line[source];
                green += weight * line[source + 1];
                blue += weight * line[source + 2];
                source += RgbImage.Channels;
            }

            planes[x] = red;
            planes[x + plane] = green;
            planes[x + 2 * plane] = blue;
        }
    }
}
