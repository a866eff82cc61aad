namespace HunyuanPortrait.Media.Resampling;

/// <summary>Interpolation kernels of a resize whose support grows with the reduction (antialiasing).</summary>
public enum ResampleFilter
{
    /// <summary>The triangle, support 1.</summary>
    Bilinear,

    /// <summary>Cubic convolution with a = −0.5, support 2. Pillow's default for RGB.</summary>
    Bicubic,
}

internal static class ResampleKernel
{
    private const double CubicA = -0.5;

    public static double Support(ResampleFilter filter) => filter == ResampleFilter.Bicubic ? 2 : 1;

    public static double Weight(ResampleFilter filter, double distance)
    {
        var x = Math.Abs(distance);
        if (filter == ResampleFilter.Bilinear)
            return x < 1 ? 1 - x : 0;
        if (x < 1)
            return ((CubicA + 2) * x - (CubicA + 3)) * x * x + 1;
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * CubicA : 0;
    }
}
