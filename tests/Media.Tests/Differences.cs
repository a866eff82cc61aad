namespace HunyuanPortrait.Media.Tests;

internal static class Differences
{
    public static double Largest(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0;
        for (var i = 0; i < expected.Length; i++)
            largest = Math.Max(largest, Math.Abs((double)expected[i] - actual[i]));
        return largest;
    }

    public static int Largest(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = 0;
        for (var i = 0; i < expected.Length; i++)
            largest = Math.Max(largest, Math.Abs(expected[i] - actual[i]));
        return largest;
    }
}
