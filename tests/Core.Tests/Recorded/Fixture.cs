using System.Text.Json;

namespace HunyuanPortrait.Core.Tests.Recorded;

/// <summary>Files copied from the reference's recordings.</summary>
internal static class Fixture
{
    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Fixtures", file);

    public static JsonElement Json(string name) => JsonDocument.Parse(File.ReadAllBytes(PathOf(name + ".json"))).RootElement;

    public static double[] Doubles(this JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    public static int[] Ints(this JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];
}
