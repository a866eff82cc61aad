using System.Globalization;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Parity;

namespace HunyuanPortrait.Cli.Reporting;

/// <summary>Runs recorded cases and prints output by output how far they are.</summary>
internal static class CheckRun
{
    private const int SomethingDiffers = 1;

    public static int Execute(ProgramTerminal terminal, string directory, ParityOptions options, bool json, CancellationToken cancellationToken)
    {
        var reports = new List<CaseReport>();
        foreach (var report in ParityCheck.Run(directory, options))
        {
            cancellationToken.ThrowIfCancellationRequested();
            reports.Add(report);
            if (!json)
                Print(terminal.Output, report);
        }

        var passed = reports.TrueForAll(report => report.Passed);
        if (json)
            terminal.WriteJson(new { passed, cases = reports });
        else
            terminal.Output.WriteLine(Summary(reports));
        return passed ? 0 : SomethingDiffers;
    }

    private static void Print(TextWriter output, CaseReport report)
    {
        output.WriteLine($"{report.Case} ({report.Kind})");
        var nameWidth = report.Comparisons.Select(comparison => comparison.Output.Length).DefaultIfEmpty().Max();
        var shapeWidth = report.Comparisons.Select(comparison => comparison.Shape.Length).DefaultIfEmpty().Max();
        foreach (var comparison in report.Comparisons)
        {
            var verdict = comparison.Passed ? "pass" : "FAIL";
            var (difference, tolerance) = (comparison.Difference, comparison.Tolerance);
            var measure = tolerance.Measure switch
            {
                DifferenceMeasure.Absolute => "absolute",
                DifferenceMeasure.Relative => "relative",
                _ => "relative RMS",
            };
            var tensor = $"{comparison.Output.PadRight(nameWidth)}  {comparison.Shape.PadRight(shapeWidth)}";
            var maximum = string.Create(CultureInfo.InvariantCulture, $"max abs {difference.MaxAbsolute,9:0.0e+0}  max rel {difference.MaxRelative,9:0.0e+0}");
            var rest = string.Create(CultureInfo.InvariantCulture, $"rms {difference.RelativeRms,9:0.0e+0}  {measure} limit {tolerance.Limit:0e+0}");
            output.WriteLine($"  {verdict}  {tensor}  {maximum}  {rest}  {comparison.Note}".TrimEnd());
        }
    }

    private static string Summary(List<CaseReport> reports)
    {
        var outputs = reports.SelectMany(report => report.Comparisons).ToArray();
        var failed = outputs.Count(comparison => !comparison.Passed);
        var verdict = failed == 0 && reports.TrueForAll(report => report.Passed) ? "all pass" : $"{failed} differ";
        return $"{reports.Count} cases, {outputs.Length} outputs: {verdict}";
    }
}
