using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Motions;
using HunyuanPortrait.Drawing.Painting;
using HunyuanPortrait.Evaluation.Measures;
using HunyuanPortrait.Evaluation.Reading;
using HunyuanPortrait.Inference.Sessions;

namespace HunyuanPortrait.Evaluation.Tests.Reading;

public sealed class FactorReaderTests(RandomModels models) : IClassFixture<RandomModels>
{
    private static OnnxNetworkLoader Loader { get; } = new(new DeviceOptions { IntraOpThreads = 1 });

    [Fact]
    public void Read_InBatches_GivesWhatSinglePicturesGive()
    {
        using var reader = FactorReader.Load(models.ReaderFolder, Loader);
        DrawnPortrait[] drawn = [.. Enumerable.Range(0, 45).Select(i => PortraitPainter.Paint(Identity.FromNumber((uint)i), MotionDraw.Any(1, (ulong)i), 48))];
        var together = reader.Read([.. drawn.Select(portrait => portrait.Picture)], [.. drawn.Select(portrait => portrait.Face)], TestContext.Current.CancellationToken);
        Assert.Equal(["leftEye", "rightEye", "gazeX", "gazeY", "jaw", "smile"], reader.Factors.Select(factor => MotionFactors.All[factor].Name));
        var alone = reader.Read([drawn[44].Picture], [drawn[44].Face], TestContext.Current.CancellationToken)[0];
        Assert.All(alone.Zip(together[44]), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.NotEqual(together[0], together[1]);
    }

    [Fact]
    public void Load_WithoutFiles_IsRefused() =>
        Assert.Equal("HP4611", Assert.Throws<RenderException>(() => FactorReader.Load(Path.Combine(models.ReaderFolder, "none"), Loader)).Code);

    [Fact]
    public void Load_WithAnotherGraph_IsRefused()
    {
        var copy = Directory.CreateTempSubdirectory("evaluation-test-").FullName;
        try
        {
            File.Copy(Path.Combine(models.ReaderFolder, FactorReaderManifest.FileName), Path.Combine(copy, FactorReaderManifest.FileName));
            Assert.Equal("HP4612", Assert.Throws<RenderException>(() => FactorReader.Load(copy, Loader)).Code);
            File.WriteAllText(Path.Combine(copy, FactorReaderManifest.GraphName), "damaged");
            Assert.Equal("HP4612", Assert.Throws<RenderException>(() => FactorReader.Load(copy, Loader)).Code);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public void ShippedReader_OnHeldOutDrawings_ReadsExpressions()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(FactorReader.DefaultFolder, FactorReaderManifest.FileName)), "needs models/factor-reader");
        using var reader = FactorReader.Load(FactorReader.DefaultFolder, Loader);
        var motions = Enumerable.Range(0, 160).Select(i => MotionDraw.Any(77, (ulong)i)).ToArray();
        var drawn = motions.Select((motion, i) => PortraitPainter.Paint(
            Identity.FromNumber(IdentityNumbers.Draw(77, (ulong)i, IdentitySplit.HeldOut)), motion, 128)).ToArray();
        var read = reader.Read([.. drawn.Select(portrait => portrait.Picture)], [.. drawn.Select(portrait => portrait.Face)], TestContext.Current.CancellationToken);
        double Determination(string name)
        {
            var place = MotionFactors.All.ToList().FindIndex(factor => factor.Name == name);
            var output = reader.Factors.ToList().IndexOf(place);
            return motions.Select((motion, i) => FactorSums.Of(read[i][output], motion.ToVector()[place])).Aggregate((a, b) => a + b).Determination;
        }

        Assert.All(["jaw", "leftEye", "rightEye", "gazeX", "smile"], (string name) => Assert.True(Determination(name) > 0.6, $"{name}: {Determination(name)}"));
        Assert.InRange(new FileInfo(Path.Combine(FactorReader.DefaultFolder, FactorReaderManifest.GraphName)).Length, 1, 1_000_000);
    }
}
