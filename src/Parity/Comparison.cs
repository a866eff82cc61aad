using System.Text.Json.Serialization;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Parity;

/// <summary>What a difference is measured by.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DifferenceMeasure>))]
public enum DifferenceMeasure
{
    /// <summary>The largest difference.</summary>
    Absolute,

    /// <summary>The largest difference as a share of the recording's largest magnitude.</summary>
    Relative,

    /// <summary>The root mean square of the differences as a share of the recording's: for half precision, where single values stray.</summary>
    RelativeRms,
}

/// <summary>How far an output may be from its recording.</summary>
/// <param name="Limit">Largest difference that passes.</param>
/// <param name="Measure">How the difference is measured.</param>
public readonly record struct Tolerance(double Limit, DifferenceMeasure Measure)
{
    /// <summary>Single modules in fp32: other summation orders move results by up to 3.2e-6 of their largest value.</summary>
    public static Tolerance Module { get; } = Relative(2e-5);

    /// <summary>Single modules with weights in fp16: a few 1e-3 come from rounding the weights alone.</summary>
    public static Tolerance HalfModule { get; } = new(1e-2, DifferenceMeasure.RelativeRms);

    /// <summary>Whole sampling runs, where differences add up over steps.</summary>
    public static Tolerance Sampling { get; } = Relative(1e-4);

    /// <summary>Equal numbers.</summary>
    public static Tolerance Exact { get; } = Absolute(0);

    /// <summary>An absolute limit.</summary>
    public static Tolerance Absolute(double limit) => new(limit, DifferenceMeasure.Absolute);

    /// <summary>A limit relative to the recording's largest magnitude.</summary>
    public static Tolerance Relative(double limit) => new(limit, DifferenceMeasure.Relative);
}

/// <summary>One output against its recording.</summary>
/// <param name="Output">Name of the recorded tensor.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Difference">How far apart they are.</param>
/// <param name="Tolerance">What is allowed.</param>
/// <param name="Note">Why it could not be compared; null otherwise.</param>
public sealed record Comparison(string Output, string Shape, Difference Difference, Tolerance Tolerance, string? Note = null)
{
    /// <summary>Whether the difference is within the limit; a NaN never is.</summary>
    [JsonInclude]
    public bool Passed => Difference.By(Tolerance.Measure) <= Tolerance.Limit;

    /// <summary>Compares two tensors.</summary>
    public static Comparison Of(string output, FloatTensor actual, FloatTensor recorded, Tolerance tolerance) =>
        actual.Shape.ElementCount == recorded.Shape.ElementCount
            ? Of(output, recorded.Shape.ToString(), actual.Values, recorded.Values, tolerance)
            : Failed(output, recorded.Shape.ToString(), tolerance, $"has shape {actual.Shape}");

    /// <summary>Compares plain numbers.</summary>
    public static Comparison Of(string output, ReadOnlySpan<float> actual, ReadOnlySpan<float> recorded, Tolerance tolerance) =>
        Of(output, $"[{recorded.Length}]", actual, recorded, tolerance);

    /// <summary>Compares numbers under the recording's shape.</summary>
    public static Comparison Of(string output, string shape, ReadOnlySpan<float> actual, ReadOnlySpan<float> recorded, Tolerance tolerance)
    {
        if (actual.Length != recorded.Length)
            return Failed(output, shape, tolerance, $"has {actual.Length} numbers");
        var meter = new DifferenceMeter();
        for (var i = 0; i < actual.Length; i++)
            meter.Add(actual[i], recorded[i]);
        return new Comparison(output, shape, meter.Result, tolerance, meter.Note);
    }

    /// <summary>Compares doubles, absolutely.</summary>
    public static Comparison Of(string output, ReadOnlySpan<double> actual, ReadOnlySpan<double> recorded, double limit)
    {
        var shape = $"[{recorded.Length}]";
        if (actual.Length != recorded.Length)
            return Failed(output, shape, Tolerance.Absolute(limit), $"has {actual.Length} numbers");
        var meter = new DifferenceMeter();
        for (var i = 0; i < actual.Length; i++)
            meter.Add(actual[i], recorded[i]);
        return new Comparison(output, shape, meter.Result, Tolerance.Absolute(limit), meter.Note);
    }

    /// <summary>An output that could not be compared, which counts as a failure.</summary>
    public static Comparison Failed(string output, string shape, Tolerance tolerance, string reason) =>
        new(output, shape, Difference.Incomparable, tolerance, reason);
}

/// <summary>All comparisons of one case.</summary>
/// <param name="Case">Name of the case: its directory.</param>
/// <param name="Kind">What was recorded.</param>
/// <param name="Comparisons">Output by output.</param>
public sealed record CaseReport(string Case, string Kind, IReadOnlyList<Comparison> Comparisons)
{
    /// <summary>True when there is something to compare and all of it passed.</summary>
    [JsonInclude]
    public bool Passed => Comparisons.Count > 0 && Comparisons.All(comparison => comparison.Passed);
}
