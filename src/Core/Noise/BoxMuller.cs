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
        double series = 0;
        for (var odd = 23; odd >= 1; odd -= 2)
            series = series * square + 1.0 / odd;
        return exponent * Ln2 + 2 * s * series;
    }

    /// <summary>Sine and cosine of <c>2π·word/2³²</c>, reduced exactly to an eighth of a turn around an axis.</summary>
    internal static (double Sine, double Cosine) SinCos(uint word)
    {
        var quadrant = (word + (1u << 29)) >> 30;
        var x = (int)(word - (quadrant << 30)) * OneWord * TwoPi;
        var square = x * x;
        double sine = 0, cosine = 0;
        for (var n = 16; n >= 0; n -= 2)
        {
            cosine = 1 - cosine * square / ((n + 1) * (n + 2));
            sine = 1 - sine * square / ((n + 2) * (n + 3));
        }

        sine *= x;
        return quadrant switch
        {
            0 => (sine, cosine),
            1 => (cosine, -sine),
            2 => (-sine, -cosine),
            _ => (-cosine, sine),
        };
    }
}
