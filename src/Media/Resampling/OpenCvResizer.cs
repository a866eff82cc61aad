using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Media.Resampling;

/// <summary>
/// Bilinear resize of 8-bit pictures with OpenCV's arithmetic (SPEC §3.1, §10): two taps a side whatever the scale, weights of 11 fraction
/// bits. Keeps its buffers, so it allocates nothing once sizes repeat; not safe for concurrent use.
/// </summary>
public sealed class OpenCvResizer
{
    private const int WeightScale = 1 << 11;
    private readonly Taps columns = new();
    private readonly Taps rows = new();
    private readonly int[][] stretched = [[], []];
    private readonly int[] stretchedRow = [-1, -1];

    /// <summary>Resizes to new memory.</summary>
    public RgbImage Resize(RgbImage source, int width, int height)
    {
        var destination = RgbImage.Black(width, height);
        Resize(source, destination);
        return destination;
    }

    /// <summary>Resizes to the destination's size.</summary>
    public void Resize(RgbImage source, RgbImage destination)
    {
        columns.Prepare(source.Width, destination.Width);
        rows.Prepare(source.Height, destination.Height);
        for (var i = 0; i < stretched.Length; i++)
        {
            if (stretched[i].Length < destination.Width * RgbImage.Channels)
                stretched[i] = new int[destination.Width * RgbImage.Channels];
            stretchedRow[i] = -1;
        }

        for (var y = 0; y < destination.Height; y++)
        {
            var (upper, lower) = (StretchedRow(source, rows.First[y]), StretchedRow(source, rows.Second[y]));
            var (upperWeight, lowerWeight) = (rows.FirstWeight[y], rows.SecondWeight[y]);
            var output = destination.Row(y);
            for (var x = 0; x < output.Length; x++)
            {
                // OpenCV drops bits twice on the way; the result is not the rounded sum.
                var sum = ((upperWeight * (upper[x] >> 4)) >> 16) + ((lowerWeight * (lower[x] >> 4)) >> 16);
                output[x] = (byte)Math.Clamp((sum + 2) >> 2, 0, byte.MaxValue);
            }
        }
    }

    /// <summary>A source row at the destination's width; the two newest rows are kept, as neighbours share them.</summary>
    private int[] StretchedRow(RgbImage source, int y)
    {
        var slot = y & 1;
        if (stretchedRow[slot] == y)
            return stretched[slot];
        stretchedRow[slot] = y;
        var input = source.Row(y);
        var output = stretched[slot];
        for (var x = 0; x < columns.Length; x++)
        {
            var (first, second) = (3 * columns.First[x], 3 * columns.Second[x]);
            var (firstWeight, secondWeight) = (columns.FirstWeight[x], columns.SecondWeight[x]);
            output[3 * x] = input[first] * firstWeight + input[second] * secondWeight;
            output[3 * x + 1] = input[first + 1] * firstWeight + input[second + 1] * secondWeight;
            output[3 * x + 2] = input[first + 2] * firstWeight + input[second + 2] * secondWeight;
        }

        return output;
    }

    /// <summary>The two neighbours of every destination sample along one axis.</summary>
    private sealed class Taps
    {
        private int source;

        public int Length { get; private set; }

        public int[] First { get; private set; } = [];

        public int[] Second { get; private set; } = [];

        public int[] FirstWeight { get; private set; } = [];

        public int[] SecondWeight { get; private set; } = [];

        public void Prepare(int sourceLength, int length)
        {
            if (source == sourceLength && Length == length)
                return;
            (source, Length) = (sourceLength, length);
            if (First.Length < length)
                (First, Second, FirstWeight, SecondWeight) = (new int[length], new int[length], new int[length], new int[length]);
            var scale = (double)sourceLength / length;
            for (var i = 0; i < length; i++)
            {
                var position = (float)((i + 0.5) * scale - 0.5);
                var cell = (int)MathF.Floor(position);
                var fraction = position - cell;
                // Beyond the border both neighbours are the border, with their own weights: the dropped bits depend on it.
                First[i] = Math.Clamp(cell, 0, sourceLength - 1);
                Second[i] = Math.Clamp(cell + 1, 0, sourceLength - 1);
                FirstWeight[i] = (int)MathF.Round((1 - fraction) * WeightScale);
                SecondWeight[i] = (int)MathF.Round(fraction * WeightScale);
            }
        }
    }
}
