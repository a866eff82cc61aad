namespace HunyuanPortrait.Core.Noise;

/// <summary>
/// Two random words → two standard normal numbers, by Box and Muller's transform. Only +, −, ×, ÷ and √ in double are used, which IEEE 754 rounds
/// correctly; logarithm, sine and cosine are series of our own, because a platform's differ in their last bits. So the numbers are bit-identical
/// on every processor and operating system.
/// </summary>
internal static class BoxMuller
{
    private const double TwoPi = 6.283185307179586;
    private const double Ln2 = 0.6931471805599453;
    private const double Sqrt2 = 1.4142135623730951;
    private const double OneWord = 1.0 / 4294967296;

    // Highest power first, as Horner's rule takes them; the first omitted terms are below 1e-17.
    private static ReadOnlySpan<double> ArtanhSeries =>
        [1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1];

    private static ReadOnlySpan<double> SineSeries =>
        [1.0 / 355687428096000, -1.0 / 1307674368000, 1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6, 1];

    private static ReadOnlySpan<double> CosineSeries =>
        [1.0 / 20922789888000, -1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320, -1.0 / 720, 1.0 / 24, -1.0 / 2, 1];

    /// <summary>Transforms (0, 1) × [0, 1): at most √(−2·ln 2⁻³³) = 6.76 from zero.</summary>
    public static (float First, float Second) Transform(uint radiusWord, uint angleWord)
    {
        var radius = Math.Sqrt(-2 * Log((radiusWord + 0.5) * OneWord));
        var (sine, cosine) = SinCos(angleWord);
        return ((float)(radius * cosine), (float)(radius * sine));
    }

    /// <summary>Natural logarithm of a positive normal number: ln m + e·ln 2 with <c>ln m = 2·artanh((m−1)/(m+1))</c>.</summary>
    internal static double Log(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > Sqrt2)
        {
            mantissa /= 2;
            exponent++;
        }

        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        return exponent * Ln2 + 2 * s * Horner(ArtanhSeries, square);
    }

    /// <summary>Sine and cosine of <c>2π·word/2³²</c>, reduced exactly to an eighth of a turn around an axis.</summary>
    internal static (double Sine, double Cosine) SinCos(uint word)
    {
        var quadrant = (word + (1u << 29)) >> 30;
        var x = (int)(word - (quadrant << 30)) * OneWord * TwoPi;
        var square = x * x;
        var sine = Horner(SineSeries, square) * x;
        var cosine = Horner(CosineSeries, square);
        return quadrant switch
        {
            0 => (sine, cosine),
            1 => (cosine, -sine),
            2 => (-sine, -cosine),
            _ => (-cosine, sine),
        };
    }

    private static double Horner(ReadOnlySpan<double> series, double x)
    {
        var sum = series[0];
        foreach (var coefficient in series[1..])
            sum = sum * x + coefficient;
        return sum;
    }
}
