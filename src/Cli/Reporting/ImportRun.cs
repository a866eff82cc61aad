using System.Globalization;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Conversion.Import;

namespace HunyuanPortrait.Cli.Reporting;

/// <summary>Imports, names every file as it is read, says what each one cost.</summary>
internal static class ImportRun
{
    public static int Execute(ProgramTerminal terminal, ImportRequest request, bool json, CancellationToken cancellationToken)
    {
        var report = new ModelImporter(terminal.Clock, json ? null : new FileLines(terminal.Error)).Import(request, cancellationToken);
        if (json)
            terminal.WriteJson(new { directory = Path.GetFullPath(request.To), report.Manifest.Name, report.Manifest.Precision, report.Files, seconds = report.Elapsed.TotalSeconds });
        else
            Print(terminal.Output, request, report);
        return 0;
    }

    private static void Print(TextWriter output, ImportRequest request, ImportReport report)
    {
        foreach (var file in report.Files)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{file.File,-48} {file.SourceBytes / 1e6,9:0.0} MB → {file.WrittenBytes / 1e6,9:0.0} MB  {file.Elapsed.TotalSeconds,6:0.0} s  peak memory {file.PeakMemoryBytes / 1e6,7:0} MB"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFullPath(request.To)} · {report.Manifest.Precision} · took {report.Elapsed.TotalSeconds:0.0} s"));
    }

    private sealed class FileLines(TextWriter writer) : IProgress<ImportProgress>
    {
        private int shown = -1;

        public void Report(ImportProgress value)
        {
            if (value.Index == shown)
                return;
            shown = value.Index;
            writer.WriteLine($"{value.Index + 1}/{value.Count} {value.File}");
        }
    }
}
