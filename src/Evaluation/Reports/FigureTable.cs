using System.Globalization;
using HunyuanPortrait.Evaluation.Measures;

namespace HunyuanPortrait.Evaluation.Reports;

/// <summary>The figures as rows of text: variants below each other, figures side by side.</summary>
public static class FigureTable
{
    private const int NameWidth = 28;

    private static readonly (string Heading, Func<VariantFigures, double> Figure, string Format)[] Columns =
    [
        ("gain dB", figures => figures.PsnrGainDb, "0.00"), ("face dB", figures => figures.PsnrFaceDb, "0.00"), ("SSIM", figures => figures.SsimFace, "0.000"),
        ("identity", figures => figures.IdentityRetrieval, "0.0%"), ("motion", figures => figures.MotionRetrieval, "0.0%"),
        ("expr R²", figures => figures.ExpressionR2, "0.000"), ("jaw", figures => figures.Expression.Jaw, "0.00"),
        ("lids", figures => figures.Expression.Eyelids, "0.00"), ("gaze", figures => figures.Expression.Gaze, "0.00"),
        ("smile", figures => figures.Expression.Smile, "0.00"), ("edges", figures => figures.EdgeEnergy, "0.00"),
        ("flicker", figures => figures.FlickerRatio, "0.00"), ("seams", figures => figures.SeamRatio, "0.00"),
    ];

    /// <summary>Headings of the columns, the rows' name first.</summary>
    public static IReadOnlyList<string> Headings { get; } = ["", .. Columns.Select(column => column.Heading)];

    /// <summary>Every row: its name and its figures, as text.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(EvaluationReport report)
    {
        var rows = new List<IReadOnlyList<string>>
        {
            Row("model", report.Model),
            Row("truth", report.References["truth"]),
            Row("truth through the VAE", report.References["vae"]),
            Row("portrait held still", report.Baselines["portraitHeld"]),
            Row("driving frame copied", report.Baselines["drivingCopied"]),
        };
        if (report.Ablations is { Clips: var clips, Model: { } model, MotionDropped: { } motion, AppearanceDropped: { } appearance, SeparateWindows: { } windows })
        {
            rows.Add(Row($"model, first {clips} clip{(clips == 1 ? "" : "s")}", model));
            rows.Add(Row("  motion guidance 0", motion));
            rows.Add(Row("  portrait dropped", appearance));
            rows.Add(Row("  windows one by one", windows));
        }

        return rows;
    }

    /// <summary>Table and targets as lines.</summary>
    public static IEnumerable<string> Lines(EvaluationReport report)
    {
        var material = report.Material;
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{report.Evaluated.Name} · seed {material.Seed} · {material.Clips} clips × {material.FramesPerClip} frames = {material.Pictures} pictures of held-out persons · identity among {material.Identities}");
        yield return Line(Headings);
        foreach (var row in Rows(report))
            yield return Line(row);
        foreach (var target in report.Targets)
        {
            var spread = report.Spread.TryGetValue(target.Figure, out var interval)
                ? string.Create(CultureInfo.InvariantCulture, $" (95 % of such clips: {interval.Low:0.###} … {interval.High:0.###})")
                : "";
            yield return string.Create(CultureInfo.InvariantCulture, $"{(target.Met ? "met   " : "missed")} {target.Figure} {target.Value:0.###}, wanted {target.Wanted}{spread}");
        }
    }

    private static string[] Row(string name, VariantFigures figures) =>
        [name, .. Columns.Select(column => double.IsFinite(column.Figure(figures)) ? column.Figure(figures).ToString(column.Format, CultureInfo.InvariantCulture) : "–")];

    private static string Line(IReadOnlyList<string> cells) => cells[0].PadRight(NameWidth) + string.Concat(cells.Skip(1).Select(cell => cell.PadLeft(9)));
}
