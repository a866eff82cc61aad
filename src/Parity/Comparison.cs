using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Parity;

/// <summary>How far an output may be from its recording.</summary>
/// <param name="Limit">Largest difference that passes.</param>
/// <param name="IsRelative">True: as a share of the recording's largest magnitude; false: absolute.</param>
public readonly record struct Tolerance(double Limit, bool IsRelative)
{
    /// <summary>Single modules in fp32: other summation orders move results by up to 3.2e-6 of their largest value.</summary>
    public static Tolerance Module { get; } = new(2e-5, IsRelative: true);

    /// <summary>Whole sampling runs, where differences add up over steps.</summary>
    public static Tolerance Sampling { get; } = new(1e-4, IsRelative: true);

    /// <summary>Equal numbers.</summary>
    public static Tolerance Exact { get; } = new(0, IsRelative: false);

    /// <summary>An absolute limit.</summary>
    public static Tolerance Absolute(double limit) => new(limit, IsRelative: false);

    /// <summary>A limit relative to the recording's largest magnitude.</summary>
    public static Tolerance Relative(double limit) => new(limit, IsRelative: true);
}

/// <summary>One output against its recording.</summary>
/// <param name="Output">Name of the recorded tensor.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="MaxAbsolute">Largest absolute difference.</param>
/// <param name="MaxRelative">Largest absolute difference over the recording's largest magnitude.</param>
/// <param name="Limit">What was allowed.</param>
/// <param name="IsRelative">Whether the limit is relative.</param>
/// <param name="Note">Why it was not compared, or what is special; null otherwise.</param>
public sealed record Comparison(string Output, string Shape, double MaxAbsolute, double MaxRelative, double Limit, bool IsRelative, string? Note = null)
{
    /// <summary>Whether the difference is within the limit; a NaN never is.</summary>
    [JsonInclude]
    public bool Passed => (IsRelative ? MaxRelative : MaxAbsolute) <= Limit;

    /// <summary>Compares two tensors.</summary>
    public static Comparison Of(string output, FloatTensor actual, FloatTensor recorded, Tolerance tolerance) =>
        actual.Shape.ElementCount == recorded.Shape.ElementCount
            ? Of(output, recorded.Shape.ToString(), actual.Values, recorded.Values, tolerance)
            : Failed(output, recorded.Shape.ToString(), tolerance, $"has shape {actual.Shape}");

    /// <summary>Compares numbers that are not worth a tensor.</summary>
    public static Comparison Of(string output, string shape, ReadOnlySpan<float> actual, ReadOnlySpan<float> recorded, Tolerance tolerance)
    {
        if (actual.Length != recorded.Length)
            return Failed(output, shape, tolerance, $"has {actual.Length} numbers");
        double largest = 0;
        for (var i = 0; i < actual.Length; i++)
        {
            var difference = Math.Abs((double)actual[i] - recorded[i]);
            if (double.IsNaN(difference))
                return Failed(output, shape, tolerance, "holds values that are not numbers");
            largest = Math.Max(largest, difference);
        }

        var magnitude = recorded.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(recorded));
        return new Comparison(output, shape, largest, largest == 0 ? 0 : largest / magnitude, tolerance.Limit, tolerance.IsRelative);
    }

    /// <summary>Compares doubles, absolutely.</summary>
    public static Comparison Of(string output, ReadOnlySpan<double> actual, ReadOnlySpan<double> recorded, double limit)
    {
        if (actual.Length != recorded.Length)
            return Failed(output, $"[{recorded.Length}]", Tolerance.Absolute(limit), $"has {actual.Length} numbers");
        double largest = 0, magnitude = 0;
        for (var i = 0; i < actual.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(actual[i] - recorded[i]));
            magnitude = Math.Max(magnitude, Math.Abs(recorded[i]));
        }

        return new Comparison(output, $"[{recorded.Length}]", largest, largest == 0 ? 0 : largest / magnitude, limit, IsRelative: false);
    }

    /// <summary>An output that could not be compared, which counts as a failure.</summary>
    public static Comparison Failed(string output, string shape, Tolerance tolerance, string reason) =>
        new(output, shape, double.PositiveInfinity, double.PositiveInfinity, tolerance.Limit, tolerance.IsRelative, reason);
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
