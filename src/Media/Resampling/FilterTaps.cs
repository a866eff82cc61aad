namespace HunyuanPortrait.Media.Resampling;

/// <summary>
/// Which source samples make up each destination sample along one axis, and with which weights. The window of a reduction is widened
/// by the scale (antialiasing); weights are normalised. Arrays grow and are kept, so repeated sizes allocate nothing.
/// </summary>
internal sealed class FilterTaps
{
    private int[] starts = [];
    private int[] counts = [];
    private double[] weights = [];
    private int[] fixedWeights = [];
    private (int Source, int Destination, ResampleFilter Filter) key;

    /// <summary>Fraction bits of the integer weights.</summary>
    public const int Precision = 32 - 8 - 2;

    /// <summary>Room for the taps of one destination sample.</summary>
    public int Capacity { get; private set; }

    public int Start(int destination) => starts[destination];

    public ReadOnlySpan<double> Weights(int destination) => weights.AsSpan(destination * Capacity, counts[destination]);

    /// <summary>Weights times 2^<see cref="Precision"/>, rounded half away from zero.</summary>
    public ReadOnlySpan<int> FixedWeights(int destination) => fixedWeights.AsSpan(destination * Capacity, counts[destination]);

    public void Prepare(int source, int destination, ResampleFilter filter)
    {
        if (key == (source, destination, filter))
            return;
        var scale = (double)source / destination;
        var widening = Math.Max(scale, 1);
        var support = ResampleKernel.Support(filter) * widening;
        Capacity = (int)Math.Ceiling(support) * 2 + 1;
        Reserve(destination);
        for (var i = 0; i < destination; i++)
        {
            var centre = (i + 0.5) * scale;
            var first = Math.Max((int)(centre - support + 0.5), 0);
            starts[i] = first;
            counts[i] = Math.Min((int)(centre + support + 0.5), source) - first;
            Fill(i, filter, first - centre + 0.5, 1 / widening);
        }

        key = (source, destination, filter);
    }

    private void Fill(int destination, ResampleFilter filter, double offset, double inverseWidening)
    {
        var row = weights.AsSpan(destination * Capacity, counts[destination]);
        double sum = 0;
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = ResampleKernel.Weight(filter, (i + offset) * inverseWidening);
            sum += row[i];
        }

        var fixedRow = fixedWeights.AsSpan(destination * Capacity, row.Length);
        for (var i = 0; i < row.Length; i++)
        {
            row[i] /= sum;
            fixedRow[i] = (int)(row[i] * (1 << Precision) + (row[i] < 0 ? -0.5 : 0.5));
        }
    }

    private void Reserve(int destination)
    {
        if (starts.Length < destination)
            (starts, counts) = (new int[destination], new int[destination]);
        if (weights.Length < destination * Capacity)
            (weights, fixedWeights) = (new double[destination * Capacity], new int[destination * Capacity]);
    }
}
