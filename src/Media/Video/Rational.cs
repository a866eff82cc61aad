using System.Globalization;

namespace HunyuanPortrait.Media.Video;

/// <summary>A fraction, not reduced: frame rates such as 30000/1001 and time bases are exact only this way.</summary>
/// <param name="Numerator">Above the line.</param>
/// <param name="Denominator">Below the line; 0 where a file does not know.</param>
public readonly record struct Rational(long Numerator, long Denominator)
{
    /// <summary>The nearest double; 0 where unknown.</summary>
    public double Value => Denominator == 0 ? 0 : (double)Numerator / Denominator;

    /// <summary>False for 0/0 and the like.</summary>
    public bool IsPositive => Numerator > 0 && Denominator > 0;

    /// <summary>From the form that ffprobe prints, <c>30000/1001</c> or <c>4:3</c>; 0/0 for anything else.</summary>
    public static Rational Parse(string? text)
    {
        var parts = text?.Split('/', ':');
        return parts is { Length: 2 }
            && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var numerator)
            && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var denominator)
                ? new Rational(numerator, denominator)
                : default;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
