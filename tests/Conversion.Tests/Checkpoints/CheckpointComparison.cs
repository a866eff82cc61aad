using HunyuanPortrait.Conversion.Checkpoints;

namespace HunyuanPortrait.Conversion.Tests.Checkpoints;

/// <summary>Compares whole checkpoints.</summary>
internal static class CheckpointComparison
{
    public static Dictionary<string, double[]> ReadAll(ICheckpoint checkpoint) =>
        checkpoint.Tensors.Values.ToDictionary(entry => entry.Name, entry => Read(checkpoint, entry));

    public static void AssertSame(ICheckpoint expected, ICheckpoint actual)
    {
        Assert.Equal(expected.Tensors.Values.Select(Describe), actual.Tensors.Values.Select(Describe));
        foreach (var (name, values) in ReadAll(expected))
            Assert.Equal(values, Read(actual, actual.Tensors[name]));
    }

    private static double[] Read(ICheckpoint checkpoint, TensorEntry entry)
    {
        if (entry.Type.IsInteger())
        {
            var integers = new long[entry.Shape.ElementCount];
            checkpoint.ReadIntegers(entry.Name, integers);
            return [.. integers.Select(value => (double)value)];
        }
        var floats = new float[entry.Shape.ElementCount];
        checkpoint.ReadFloats(entry.Name, floats);
        return [.. floats.Select(value => (double)value)];
    }

    private static string Describe(TensorEntry entry) => $"{entry.Name} {entry.Shape}";
}
