namespace HunyuanPortrait.Core.Tests.Recorded;

/// <summary>Comparisons with recorded numbers.</summary>
internal static class Close
{
    /// <summary>Every element within <paramref name="tolerance"/> times the largest recorded magnitude.</summary>
    public static void Relative(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        double largest = 0;
        foreach (var value in expected)
            largest = Math.Max(largest, Math.Abs(value));
        Absolute(expected, actual, tolerance * largest);
    }

    /// <summary>Every element within <paramref name="tolerance"/>.</summary>
    public static void Absolute(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs((double)expected[i] - actual[i]) <= tolerance))
                Assert.Fail($"Element {i}: expected {expected[i]:G9}, got {actual[i]:G9}, tolerance {tolerance:G3}.");
        }
    }

    /// <summary>Every element within <paramref name="tolerance"/> times its own magnitude.</summary>
    public static void Elementwise(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs((double)expected[i] - actual[i]) <= tolerance * Math.Abs(expected[i])))
                Assert.Fail($"Element {i}: expected {expected[i]:G9}, got {actual[i]:G9}, relative tolerance {tolerance:G3}.");
        }
    }
}
