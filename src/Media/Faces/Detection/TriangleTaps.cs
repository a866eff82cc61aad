namespace HunyuanPortrait.Media.Faces.Detection;

/// <summary>Weights of a triangle filter along one axis. Its reach grows with the reduction, so that every source pixel counts.</summary>
internal sealed class TriangleTaps
{
    private readonly float[] weights;
    private readonly int[] counts;
    private readonly int stride;

    private TriangleTaps(int outputs, int stride)
    {
        this.stride = stride;
        weights = new float[outputs * stride];
        counts = new int[outputs];
        First = new int[outputs];
    }

    /// <summary>First source index of every output.</summary>
    public int[] First { get; }

    /// <summary>Weights of one output, for neighbouring source indices. They sum to 1, less what falls outside of the source.</summary>
    public ReadOnlySpan<float> Weights(int output) => weights.AsSpan(output * stride, counts[output]);

    /// <summary>Taps for resampling <paramref name="length"/> source units from <paramref name="start"/> to <paramref name="outputs"/> elements.</summary>
    public static TriangleTaps Create(double start, double length, int outputs, int sources)
    {
        var step = length / outputs;
        var reach = Math.Max(step, 1);
        var taps = new TriangleTaps(outputs, 2 * (int)Math.Ceiling(reach) + 1);
        for (var i = 0; i < outputs; i++)
            taps.Fill(i, start + (i + 0.5) * step - 0.5, reach, sources);
        return taps;
    }

    private void Fill(int output, double centre, double reach, int sources)
    {
        var from = (int)Math.Ceiling(centre - reach);
        var to = (int)Math.Floor(centre + reach);
        double total = 0;
        for (var source = from; source <= to; source++)
            total += 1 - Math.Abs(source - centre) / reach;
        var first = Math.Max(from, 0);
        var last = Math.Min(to, sources - 1);
        First[output] = first;
        counts[output] = Math.Max(last - first + 1, 0);
        for (var source = first; source <= last; source++)
            weights[output * stride + source - first] = (float)((1 - Math.Abs(source - centre) / reach) / total);
    }
}
