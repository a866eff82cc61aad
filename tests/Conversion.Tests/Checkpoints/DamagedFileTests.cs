using CsCheck;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Conversion.Tests.Checkpoints;

/// <summary>Files with random damage: a refusal, or data; never another exception.</summary>
public sealed class DamagedFileTests
{
    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "Fixtures", "pth-format");

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Fixtures).Where(path => !path.EndsWith(".json", StringComparison.Ordinal)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public void Open_FlippedBytes_GivesDataOrARefusal(string name)
    {
        using var folder = new TemporaryFolder();
        var good = File.ReadAllBytes(Path.Combine(Fixtures, name));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte[1, 255]).Array[1, 4].Sample(
            flips =>
            {
                var damaged = good.ToArray();
                foreach (var (at, bits) in flips)
                    damaged[at] ^= bits;
                ReadOrRefuse(folder.Write("damaged", damaged));
            },
            iter: 100, threads: 1, seed: "0000000000000001");
    }

    [Fact]
    public void Open_FlippedByteOfZip_GivesSameDataOrARefusal()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(Fixtures, "views_and_types.pth");
        var good = File.ReadAllBytes(path);
        using var expected = Checkpoint.Open(path);
        var expectedValues = CheckpointComparison.ReadAll(expected);
        for (var at = 0; at < good.Length; at++)
        {
            var damaged = good.ToArray();
            damaged[at] ^= 0x10;
            if (ReadOrRefuse(folder.Write("damaged", damaged)) is { } values)
                Assert.Equal(expectedValues, values);
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Open_CutFile_IsRefused(string name)
    {
        using var folder = new TemporaryFolder();
        var good = File.ReadAllBytes(Path.Combine(Fixtures, name));
        Gen.Int[0, good.Length - 1].Sample(
            length => Assert.Null(ReadOrRefuse(folder.Write("cut", good.AsSpan(0, length)))),
            iter: 50, threads: 1, seed: "0000000000000001");
    }

    private static Dictionary<string, double[]>? ReadOrRefuse(string path)
    {
        try
        {
            using var checkpoint = Checkpoint.Open(path);
            return CheckpointComparison.ReadAll(checkpoint);
        }
        catch (RenderException refusal)
        {
            Assert.StartsWith("HP20", refusal.Code, StringComparison.Ordinal);
            return null;
        }
    }
}
