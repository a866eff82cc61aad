using System.Globalization;
using System.Text;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Evaluation;
using HunyuanPortrait.Evaluation.Material;
using HunyuanPortrait.Evaluation.Reading;
using HunyuanPortrait.Evaluation.Reports;
using HunyuanPortrait.Inference.Components;
using HunyuanPortrait.Inference.Sessions;
using HunyuanPortrait.Media.Pictures;
using HunyuanPortrait.Storage;
using HunyuanPortrait.Storage.Files;

namespace HunyuanPortrait.Cli.Reporting;

/// <summary>What <c>portrait evaluate</c> was asked for.</summary>
/// <param name="ModelDirectory">The model.</param>
/// <param name="Output">Folder for the results.</param>
/// <param name="Plan">What to draw.</param>
/// <param name="AblationClips">Clips with ablations.</param>
/// <param name="Device">Where networks run.</param>
internal sealed record EvaluationRequest(string ModelDirectory, string Output, EvaluationPlan Plan, int AblationClips, DeviceOptions Device);

/// <summary>Evaluates, writes page, pictures and report, says what came out.</summary>
internal static class EvaluationRun
{
    private const string SheetName = "pictures.png";

    public static int Execute(ProgramTerminal terminal, EvaluationRequest request, bool json, CancellationToken cancellationToken)
    {
        CreateFolder(request.Output);
        var loader = new OnnxNetworkLoader(request.Device);
        using var model = PortraitModel.Open(request.ModelDirectory, loader);
        if (model.Manifest.Geometry is var geometry && geometry.Width != geometry.Height)
            throw EvaluationErrors.NotSquare(request.ModelDirectory, geometry.Width, geometry.Height);
        using var reader = FactorReader.Load(FactorReader.DefaultFolder, loader);
        var progress = new ProgressLines(terminal);
        var result = new Evaluator(model, reader).Run(request.Plan, request.AblationClips, progress, cancellationToken);
        var report = ReportAssembly.Of(result, Describe(request, model.Manifest, reader));
        Write(request.Output, result, report);
        if (json)
            terminal.WriteJson(report);
        else
            Print(terminal.Output, request, report, progress.Elapsed);
        return 0;
    }

    private static EvaluatedModel Describe(EvaluationRequest request, ModelManifest model, FactorReader reader) => new(
        Path.GetFullPath(request.ModelDirectory), model.Name, model.Kind, model.Precision,
        ContentHash.OfFile(Path.Combine(request.ModelDirectory, ModelDirectory.ManifestName)), model.Defaults,
        new ReaderSummary(reader.Manifest.Sha256, reader.Manifest.R2));

    private static void Write(string folder, EvaluationResult result, EvaluationReport report)
    {
        PictureWriter.WritePng(PictureSheet.Draw(result), Path.Combine(folder, SheetName));
        AtomicFile.WriteAllBytes(Path.Combine(folder, "report.json"), Encoding.UTF8.GetBytes(ProgramTerminal.ToJson(report) + "\n"));
        AtomicFile.WriteAllBytes(Path.Combine(folder, "index.html"), Encoding.UTF8.GetBytes(ResultPage.Html(report, SheetName)));
    }

    private static void Print(TextWriter output, EvaluationRequest request, EvaluationReport report, TimeSpan elapsed)
    {
        foreach (var line in FigureTable.Lines(report))
            output.WriteLine(line);
        var took = elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        output.WriteLine($"{Path.Combine(Path.GetFullPath(request.Output), "index.html")} · took {took} s");
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (StorageErrors.IsFileFailure(failure))
        {
            throw StorageErrors.WriteFailed(folder, failure);
        }
    }

    /// <summary>A line on standard error for every piece of work: an evaluation takes minutes, with JSON too.</summary>
    private sealed class ProgressLines(ProgramTerminal terminal) : IProgress<EvaluationProgress>
    {
        private readonly long started = terminal.Clock.GetTimestamp();

        public TimeSpan Elapsed => terminal.Clock.GetElapsedTime(started);

        public void Report(EvaluationProgress value) => terminal.Error.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"clip {value.Clip}/{value.Clips} · {value.Work} · {Elapsed.TotalSeconds:0} s"));
    }
}
