using System.Numerics;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Media.Resampling;

/// <summary>
/// Antialiased resize of 8-bit pictures with Pillow's arithmetic (SPEC §3.2 step 3): integer weights of 22 fraction bits, columns first,
/// rounded to 8 bits between the passes. Bit-exact. Keeps its buffers, so it allocates nothing once sizes repeat; not safe for concurrent use.
/// </summary>
public sealed class PillowResizer
{
    private const int Half = 1 << (FilterTaps.Precision - 1);
    private readonly FilterTaps columns = new();
    private readonly FilterTaps rows = new();
    private byte[] narrowed = [];
    private int[] sums = [];

    /// <summary>Resizes a whole picture to new memory.</summary>
    public RgbImage Resize(RgbImage source, int width, int height, ResampleFilter filter)
    {
        var destination = RgbImage.Black(width, height);
        Resize(source, new PixelRegion(0, 0, source.Width, source.Height), destination, filter);
        return destination;
    }

    /// <summary>Resizes a region as if it were a picture of its own: nothing outside it counts.</summary>
    /// <exception cref="ArgumentException">The region is empty or reaches outside the picture.</exception>
    public void Resize(RgbImage source, PixelRegion region, RgbImage destination, ResampleFilter filter)
    {
        PictureRegions.RequireInside(source, region);
        columns.Prepare(region.Width, destination.Width, filter);
        rows.Prepare(region.Height, destination.Height, filter);
        var rowLength = destination.Width * RgbImage.Channels;
        if (narrowed.Length < rowLength * region.Height)
            narrowed = new byte[rowLength * region.Height];
        for (var y = 0; y < region.Height; y++)
        {
            var input = source.Row(region.Top + y).Slice(region.Left * RgbImage.Channels, region.Width * RgbImage.Channels);
            var output = narrowed.AsSpan(y * rowLength, rowLength);
            if (region.Width == destination.Width)
                input.CopyTo(output);
            else
                ResizeRow(input, output);
        }

        ResizeColumns(region.Height, destination);
    }

    private void ResizeRow(ReadOnlySpan<byte> input, Span<byte> output)
    {
        for (var x = 0; x < output.Length / RgbImage.Channels; x++)
        {
            var weights = columns.FixedWeights(x);
            var taps = input.Slice(columns.Start(x) * RgbImage.Channels, weights.Length * RgbImage.Channels);
            int red = Half, green = Half, blue = Half;
            for (var i = 0; i < weights.Length; i++)
            {
                var weight = weights[i];
                red += taps[3 * i] * weight;
                green += taps[3 * i + 1] * weight;
                blue += taps[3 * i + 2] * weight;
            }

            output[3 * x] = ToByte(red);
            output[3 * x + 1] = ToByte(green);
            output[3 * x + 2] = ToByte(blue);
        }
    }

    private void ResizeColumns(int height, RgbImage destination)
    {
        var rowLength = destination.Width * RgbImage.Channels;
        if (height == destination.Height)
        {
            narrowed.AsSpan(0, rowLength * height).CopyTo(destination.Pixels.Span);
            return;
        }

        if (sums.Length < rowLength)
            sums = new int[rowLength];
        var sum = sums.AsSpan(0, rowLength);
        for (var y = 0; y < destination.Height; y++)
        {
            sum.Fill(Half);
            var weights = rows.FixedWeights(y);
            for (var i = 0; i < weights.Length; i++)
                Accumulate(narrowed.AsSpan((rows.Start(y) + i) * rowLength, rowLength), weights[i], sum);
            var output = destination.Row(y);
            for (var x = 0; x < output.Length; x++)
                output[x] = ToByte(sum[x]);
        }
    }

    private static void Accumulate(ReadOnlySpan<byte> values, int weight, Span<int> sums)
    {
        var i = 0;
        for (; i <= values.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(values[i..]), out var low, out var high);
            AccumulateHalf(low, weight, sums[i..]);
            AccumulateHalf(high, weight, sums[(i + Vector<ushort>.Count)..]);
        }

        for (; i < values.Length; i++)
            sums[i] += values[i] * weight;
    }

    private static void AccumulateHalf(Vector<ushort> values, int weight, Span<int> sums)
    {
        Vector.Widen(values, out var low, out var high);
        (new Vector<int>(sums) + Vector.AsVectorInt32(low) * weight).CopyTo(sums);
        sums = sums[Vector<int>.Count..];
        (new Vector<int>(sums) + Vector.AsVectorInt32(high) * weight).CopyTo(sums);
    }

    private static byte ToByte(int value) => (byte)Math.Clamp(value >> FilterTaps.Precision, 0, byte.MaxValue);
}
