using System.Text.Json.Serialization;

namespace HunyuanPortrait.Parity;

/// <summary>How far two equally long runs of numbers are apart.</summary>
/// <param name="MaxAbsolute">Largest absolute difference.</param>
/// <param name="MaxRelative">The same over the recording's largest magnitude.</param>
/// <param name="RelativeRms">Root mean square of the differences over the recording's.</param>
public readonly record struct Difference(
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double MaxAbsolute,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double MaxRelative,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double RelativeRms)
{
    /// <summary>Of things that cannot be compared.</summary>
    public static Difference Incomparable { get; } = new(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);

    /// <summary>The difference by one measure.</summary>
    public double By(DifferenceMeasure measure) => measure switch
    {
        DifferenceMeasure.Absolute => MaxAbsolute,
        DifferenceMeasure.Relative => MaxRelative,
        DifferenceMeasure.RelativeRms => RelativeRms,
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "Unknown measure."),
    };
}

/// <summary>Adds up the differences of pairs.</summary>
internal sealed class DifferenceMeter
{
    private double largest;
    private double magnitude;
    private double squaredDifferences;
    private double squares;
    private bool isNumber = true;

    /// <summary>What is special about the pairs; null when nothing is.</summary>
    public string? Note => isNumber ? null : "holds values that are not numbers";

    /// <summary>The difference over all pairs so far.</summary>
    public Difference Result => !isNumber ? Difference.Incomparable : largest == 0 ? default : new Difference(
        largest, largest / magnitude, Math.Sqrt(squaredDifferences / squares));

    /// <summary>Adds one pair.</summary>
    public void Add(double actual, double recorded)
    {
        var difference = Math.Abs(actual - recorded);
        isNumber &= double.IsFinite(difference);
        largest = Math.Max(largest, difference);
        magnitude = Math.Max(magnitude, Math.Abs(recorded));
        squaredDifferences += difference * difference;
        squares += recorded * recorded;
    }
}
