using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HunyuanPortrait.Benchmarks;

/// <summary>Two contenders timed in turn.</summary>
/// <param name="Ours">Name of the side whose time is the denominator.</param>
/// <param name="Other">Name of the other side.</param>
/// <param name="Ratio">Median over pairs of other's time / ours: above 1, ours is faster.</param>
/// <param name="SmallestRatio">Of all pairs.</param>
/// <param name="LargestRatio">Of all pairs.</param>
/// <param name="OursSeconds">Median time.</param>
/// <param name="OtherSeconds">Median time.</param>
/// <param name="Pairs">Number of timed pairs.</param>
internal sealed record Comparison(
    string Ours, string Other, double Ratio, double SmallestRatio, double LargestRatio, double OursSeconds, double OtherSeconds, int Pairs);

/// <summary>How far two results for the same inputs are apart.</summary>
/// <param name="Ours">Name of one side.</param>
/// <param name="Other">Name of the other.</param>
/// <param name="Largest">Largest absolute difference.</param>
/// <param name="LargestRelative">The same divided by the largest absolute value of the other side.</param>
internal sealed record Agreement(string Ours, string Other, double Largest, double LargestRelative)
{
    /// <summary>Compares element by element.</summary>
    public static Agreement Of(string ours, string other, ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length)
            throw new InvalidOperationException($"{ours} has {a.Length} elements, {other} {b.Length}.");
        var (difference, largest) = (0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            var distance = Math.Abs((double)a[i] - b[i]);
            difference = distance <= difference ? difference : distance;
            largest = Math.Max(largest, Math.Abs((double)b[i]));
        }

        return new Agreement(ours, other, difference, difference / largest);
    }

    /// <summary>A comparison of speed means nothing between two different results.</summary>
    /// <exception cref="InvalidOperationException">They are too far apart.</exception>
    public Agreement Require(double tolerance) => LargestRelative <= tolerance
        ? this
        : throw new InvalidOperationException($"{Ours} and {Other} disagree: relative difference {LargestRelative:E2}, allowed {tolerance:E0}. Nothing was timed.");
}

/// <summary>What one run of the harness found.</summary>
/// <param name="Subject">What was measured, at which sizes.</param>
/// <param name="Machine">Cores and system.</param>
/// <param name="PyTorch">What the other side says about itself.</param>
/// <param name="Agreements">Differences between results.</param>
/// <param name="Comparisons">Ratios of times.</param>
internal sealed record Report(
    string Subject, string Machine, PyTorchDescription PyTorch, IReadOnlyList<Agreement> Agreements, IReadOnlyList<Comparison> Comparisons)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Cores and system of this machine.</summary>
    public static string DescribeMachine() =>
        $"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, {System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}";

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(Subject).AppendLine(Machine);
        text.AppendLine(CultureInfo.InvariantCulture, $"PyTorch {PyTorch.Torch}, {PyTorch.Threads} threads, {string.Join(", ", PyTorch.Libraries)}");
        foreach (var agreement in Agreements)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  {agreement.Ours} − {agreement.Other}: at most {agreement.Largest:E2} (relative {agreement.LargestRelative:E2})");
        }

        foreach (var c in Comparisons)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  {c.Ours} {c.OursSeconds:F4} s, {c.Other} {c.OtherSeconds:F4} s: {c.Ratio:F2} × faster ({c.SmallestRatio:F2} … {c.LargestRatio:F2}, {c.Pairs} pairs)");
        }

        return text.ToString().TrimEnd();
    }
}
