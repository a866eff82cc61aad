namespace HunyuanPortrait.Conversion.Networks.Portrait;

/// <summary>Resampling of the image encoder's position table (SPEC §4 step 2).</summary>
internal static class PositionTable
{
    private const double CubicA = -0.75;

    /// <summary>
    /// The matrix <c>[grid², side²]</c> that resamples a side×side table to grid×grid: bicubic without antialiasing, by the scale factor of a target
    /// that is 0.1 larger, with taps clamped to the border.
    /// </summary>
    public static float[] ResamplingMatrix(int side, int grid)
    {
        var axis = Axis(side, grid);
        var matrix = new float[grid * grid * side * side];
        for (var y = 0; y < grid; y++)
        {
            for (var x = 0; x < grid; x++)
            {
                var row = matrix.AsSpan((y * grid + x) * side * side, side * side);
                for (var i = 0; i < side; i++)
                {
                    for (var j = 0; j < side; j++)
                        row[i * side + j] = (float)(axis[y, i] * axis[x, j]);
                }
            }
        }

        return matrix;
    }

    private static double[,] Axis(int side, int grid)
    {
        var weights = new double[grid, side];
        var scale = side / (grid + 0.1);
        for (var i = 0; i < grid; i++)
        {
            var source = (i + 0.5) * scale - 0.5;
            var first = (int)Math.Floor(source) - 1;
            for (var tap = 0; tap < 4; tap++)
                weights[i, Math.Clamp(first + tap, 0, side - 1)] += Cubic(Math.Abs(source - (first + tap)));
        }

        return weights;
    }

    private static double Cubic(double distance) => distance switch
    {
        <= 1 => ((CubicA + 2) * distance - (CubicA + 3)) * distance * distance + 1,
        < 2 => ((CubicA * distance - 5 * CubicA) * distance + 8 * CubicA) * distance - 4 * CubicA,
        _ => 0,
    };
}
