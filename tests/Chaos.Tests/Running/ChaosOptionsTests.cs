using System.Collections.Immutable;
using HunyuanPortrait.Chaos.Histories;
using HunyuanPortrait.Chaos.Running;

namespace HunyuanPortrait.Chaos.Tests.Running;

public sealed class ChaosOptionsTests
{
    private static readonly RunReport Good = new(4, [], [new Disturbance("1.0s KillGpuSilo 0 for 1.0s", 0, 0)], 1, 2, TimeSpan.FromSeconds(12.34));

    [Fact]
    public void Parse_Nothing_IsOneSimulatedRun() => Assert.Equal(new ChaosOptions(1, 1, DeviceKind.Simulated, StoreKind.Both), ChaosOptions.Parse([]));

    [Fact]
    public void Parse_Everything_IsTaken()
    {
        var options = ChaosOptions.Parse(["--runs", "3", "--seed", "40", "--device", "embedded", "--store", "azurite"]);
        Assert.Equal(new ChaosOptions(3, 40, DeviceKind.Embedded, StoreKind.Azurite), options);
        Assert.Equal([40, 41, 42], options.Seeds);
    }

    [Theory]
    [InlineData("--runs (0)", "--runs", "0")]
    [InlineData("--seed (-1)", "--seed", "-1")]
    [InlineData("--device (gpu)", "--device", "gpu")]
    [InlineData("--store (disk)", "--store", "disk")]
    [InlineData("--speed is not known", "--speed", "1")]
    [InlineData("--runs needs a value", "--runs")]
    public void Parse_Nonsense_IsNamed(string named, params string[] arguments) =>
        Assert.Contains(named, Assert.Throws<FormatException>(() => ChaosOptions.Parse(arguments)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(StoreKind.Both, 0, 4)]
    [InlineData(StoreKind.Folder)]
    [InlineData(StoreKind.Azurite, 0, 1, 2, 3, 4)]
    internal void HasBlobServer_Seeds_AreAsTheStoreSays(StoreKind store, params int[] seeds) =>
        Assert.Equal(seeds, Enumerable.Range(0, 5).Where(new ChaosOptions(1, 0, DeviceKind.Simulated, store).HasBlobServer));

    [Fact]
    public void Report_OfARun_IsALineAndALineForEachFailure()
    {
        Assert.Equal("seed 4: holds after 12.3 s, 1 recomputed of 2 in hand; 1.0s KillGpuSilo 0 for 1.0s", ChaosReport.Of(Good));
        Assert.Equal(
            "seed 4: FAILS after 12.3 s, 1 recomputed of 2 in hand; 1.0s KillGpuSilo 0 for 1.0s\n  one\n  two", ChaosReport.Of(Good with { Failures = ["one", "two"] }));
    }

    [Fact]
    public void Report_Summary_CountsAndNamesFailingSeeds()
    {
        ImmutableArray<RunReport> runs = [Good, Good with { Seed = 5, Failures = ["one"] }];
        Assert.Equal("1 of 2 runs hold; 2 faults, 2 tasks recomputed of 4 in hand; failing seeds: 5", ChaosReport.Summary(runs));
        Assert.Equal("1 of 1 runs hold; 1 faults, 1 tasks recomputed of 2 in hand", ChaosReport.Summary([Good]));
    }
}
