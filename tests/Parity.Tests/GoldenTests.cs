using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Inference.Sessions;

namespace HunyuanPortrait.Parity.Tests;

public sealed class GoldenTests(ITestOutputHelper output)
{
    private static readonly string[] Networks =
        ["expression", "headpose", "image-encoder", "image-proj", "motion-refiner", "pose-guider", "unet-3level", "vae"];

    public static TheoryData<string> FixtureCases() => new(Names(Recordings.Fixtures));

    public static TheoryData<string> NetworkCases() => new(Networks);

    public static TheoryData<string> SharedCases() => Recordings.Shared is null ? new("none") : new(Names(Recordings.Shared).Where(name => name != "full-size"));

    [Theory, MemberData(nameof(FixtureCases))]
    public void Check_CaseOfTheFixtures_Passes(string name) => AssertPasses(Path.Combine(Recordings.Fixtures, name), isNaive: false);

    [Theory, MemberData(nameof(NetworkCases))]
    public void Check_LiteralTranscription_Passes(string name) => AssertPasses(Path.Combine(Recordings.Fixtures, name), isNaive: true);

    [Theory, MemberData(nameof(SharedCases))]
    public void Check_CaseOfTheWholeSet_Passes(string name)
    {
        Assert.SkipUnless(Recordings.Shared is not null, "needs ../shared/reference");
        AssertPasses(Path.Combine(Recordings.Shared!, name), isNaive: false);
    }

    /// <summary>The official size: 6.3 GB of computed weights in a scratch folder, about 7 GB of memory, one to two minutes.</summary>
    [Fact]
    public void Check_OfficialSize_Passes()
    {
        Assert.SkipUnless(Recordings.Shared is not null, "needs ../shared/reference");
        Assert.SkipUnless(new DriveInfo(Path.GetTempPath()).AvailableFreeSpace > 12e9, "needs 12 GB of free disk in the folder for temporary files");
        Assert.SkipUnless(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes > 14e9, "needs a machine with 14 GB of memory");
        AssertPasses(Path.Combine(Recordings.Shared!, "full-size"), isNaive: false);
    }

    [Fact]
    public void Check_DirectoryOfCases_RunsThemAll() => Assert.Equal(
        Names(Recordings.Fixtures).Order(StringComparer.Ordinal),
        ParityCheck.Run(Recordings.Fixtures, Options(isNaive: false)).Select(report => report.Case));

    [Fact]
    public void Check_OneWeightChanged_Fails()
    {
        var copy = Directory.CreateTempSubdirectory("parity").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(Path.Combine(Recordings.Fixtures, "image-proj")))
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            var weights = Path.Combine(copy, "weights.safetensors");
            var bytes = File.ReadAllBytes(weights);
            bytes[^2] ^= 0x40;
            File.WriteAllBytes(weights, bytes);

            Assert.False(Assert.Single(ParityCheck.Run(copy, Options(isNaive: false))).Passed);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public void Check_DirectoryWithoutCases_IsRefused() =>
        Assert.Equal("HP2801", Assert.Throws<RenderException>(() => ParityCheck.Run(Path.GetTempPath() + "nothing-here", Options(isNaive: false))).Code);

    private static ParityOptions Options(bool isNaive) => new(new OnnxNetworkLoader(new DeviceOptions())) { IsNaive = isNaive };

    private static IEnumerable<string> Names(string root) => Directory.GetDirectories(root).Select(path => Path.GetFileName(path)!);

    private void AssertPasses(string path, bool isNaive)
    {
        var report = Assert.Single(ParityCheck.Run(path, Options(isNaive)));
        foreach (var comparison in report.Comparisons)
            output.WriteLine($"{comparison.Output} {comparison.Shape} {comparison.Difference} {comparison.Note}");
        Assert.True(report.Passed, string.Join('\n', report.Comparisons.Where(comparison => !comparison.Passed)));
    }
}
