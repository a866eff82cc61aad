using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Media.Resampling;

/// <summary>Antialiased bilinear resize of planar floats (SPEC §3.2 step 6): triangle filter with scaled support, corners not aligned.</summary>
public static class PlanarResizer
{
    /// <summary>Resizes every plane.</summary>
    /// <param name="planes"><c>[channels, height, width]</c>.</param>
    /// <param name="width">Columns of the result.</param>
    /// <param name="height">Rows of the result.</param>
    /// <returns>New memory, <c>[channels, height, width]</c>.</returns>
    public static FloatTensor Resize(FloatTensor planes, int width, int height)
    {
        if (planes.Shape.Rank != 3)
            throw new ArgumentException($"Planes are [channels, height, width], not {planes.Shape}.", nameof(planes));
        var (channels, sourceHeight, sourceWidth) = (planes.Shape[0], planes.Shape[1], planes.Shape[2]);
        var columns = new FilterTaps();
        var rows = new FilterTaps();
        columns.Prepare(sourceWidth, width, ResampleFilter.Bilinear);
        rows.Prepare(sourceHeight, height, ResampleFilter.Bilinear);
        var narrowed = new float[channels * sourceHeight * width];
        for (var row = 0; row < channels * sourceHeight; row++)
            ResizeRow(planes.Values.Slice(row * sourceWidth, sourceWidth), columns, narrowed.AsSpan(row * width, width));
        var result = FloatTensor.Zeros(channels, height, width);
        for (var channel = 0; channel < channels; channel++)
        {
            ResizeColumns(
                narrowed.AsSpan(channel * sourceHeight * width, sourceHeight * width), rows, width,
                result.Values.Slice(channel * height * width, height * width));
        }

        return result;
    }

    private static void ResizeRow(ReadOnlySpan<float> input, FilterTaps taps, Span<float> output)
    {
        for (var x = 0; x < output.Length; x++)
        {
            var weights = taps.Weights(x);
            var start = taps.Start(x);
            float sum = 0;
            for (var i = 0; i < weights.Length; i++)
                sum += input[start + i] * (float)weights[i];
            output[x] = sum;
        }
    }

    private static void ResizeColumns(ReadOnlySpan<float> input, FilterTaps taps, int width, Span<float> output)
    {
        for (var y = 0; y < output.Length / width; y++)
        {
            var weights = taps.Weights(y);
            var row = output.Slice(y * width, width);
            for (var i = 0; i < weights.Length; i++)
            {
                var values = input.Slice((taps.Start(y) + i) * width, width);
                var weight = (float)weights[i];
                for (var x = 0; x < row.Length; x++)
                    row[x] += values[x] * weight;
            }
        }
    }
}
