using System.Text.Json;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Evaluation.Material;
using HunyuanPortrait.Evaluation.Reading;
using HunyuanPortrait.Evaluation.Reports;
using HunyuanPortrait.Evaluation.Variants;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Inference.Sessions;
using HunyuanPortrait.Rendering.Clips;

namespace HunyuanPortrait.Evaluation.Tests.Evaluations;

/// <summary>The whole evaluation with random weights: what perfect, still and copied pictures get does not depend on the model.</summary>
public sealed class EvaluatorTests(RandomModels models) : IClassFixture<RandomModels>
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private readonly OnnxNetworkLoader loader = new(new DeviceOptions());

    [Fact]
    public void Run_Twice_GivesTheSameReport() =>
        Assert.Equal(JsonSerializer.Serialize(Evaluate(0), Json), JsonSerializer.Serialize(Evaluate(0), Json));

    [Fact]
    public void Run_WithAblations_HasEveryFigure()
    {
        var report = Evaluate(1);
        var truth = report.References["truth"];
        Assert.Equal((1.0, 1.0, 1.0, 0.0), (truth.IdentityRetrieval, truth.MotionRetrieval, Math.Round(truth.EdgeEnergy, 9), truth.FlickerRatio));
        Assert.Equal(double.PositiveInfinity, truth.PsnrFaceDb);
        Assert.Equal(1, report.Baselines["portraitHeld"].FlickerRatio, 9);
        Assert.Equal(report.PsnrGainDb, report.Model.PsnrFaceDb - report.Baselines.Values.Max(baseline => baseline.PsnrFaceDb), 9);
        Assert.Equal(report.Model.PsnrFaceDb, report.Ablations.Model!.PsnrFaceDb);
        Assert.NotEqual(report.Model.PsnrDb, report.Ablations.MotionDropped!.PsnrDb);
        Assert.NotEqual(report.Model.PsnrDb, report.Ablations.AppearanceDropped!.PsnrDb);
        Assert.NotEqual(report.Model.PsnrDb, report.Ablations.SeparateWindows!.PsnrDb);
        Assert.Equal(9, report.Targets.Count);
        Assert.Equal(9, FigureTable.Rows(report).Count);
        Assert.Contains("<img src=\"sheet.png\"", ResultPage.Html(report, "sheet.png"), StringComparison.Ordinal);
    }

    [Fact]
    public void Truth_OfTheFirstFrame_IsThePipelinesPortrait()
    {
        using var model = PortraitModel.Open(models.ModelFolder, loader);
        var clip = new ClipPainter(model.Manifest.Geometry.Width).Paint(new EvaluationPlan(4, 1, 2).At(0), TestContext.Current.CancellationToken);
        var encoded = new ClipStages(model).EncodePortrait(clip.Portrait, TestContext.Current.CancellationToken);
        Assert.Equal(encoded.Cut.Picture.Pixels.ToArray(), clip.Truth[0].Picture.Pixels.ToArray());
    }

    [Fact]
    public void WithoutAppearance_Always_KeepsTheUnconditionalBranchOnly()
    {
        using var model = PortraitModel.Open(models.ModelFolder, loader);
        var clip = new ClipPainter(model.Manifest.Geometry.Width).Paint(new EvaluationPlan(4, 1, 2).At(0), TestContext.Current.CancellationToken);
        var conditioning = new ClipStages(model).EncodePortrait(clip.Portrait, TestContext.Current.CancellationToken).Conditioning;
        var dropped = ClipRendering.WithoutAppearance(conditioning);
        var branch = conditioning.FirstLayer.Values.Length / 3;
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(conditioning.FirstLayer.Values[..branch].ToArray(), dropped.FirstLayer.Values.Slice(i * branch, branch).ToArray()));
        Assert.All(dropped.ImageTokens.Values.ToArray(), value => Assert.Equal(0, value));
        Assert.All(dropped.ReferenceLatents.Values.ToArray(), value => Assert.Equal(0, value));
    }

    private EvaluationReport Evaluate(int ablationClips)
    {
        using var model = PortraitModel.Open(models.ModelFolder, loader);
        using var reader = FactorReader.Load(models.ReaderFolder, loader);
        var result = new Evaluator(model, reader).Run(new EvaluationPlan(2, 1, 4), ablationClips, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(PictureSheet.Draw(result).Width > 1000);
        return ReportAssembly.Of(result, new EvaluatedModel(
            models.ModelFolder, "test", ModelKind.StandIn, "fp32", "", model.Manifest.Defaults, new ReaderSummary(reader.Manifest.Sha256, reader.Manifest.R2)));
    }
}
