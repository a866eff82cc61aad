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
            terminal.WriteJson(Document(request, report));
        else
            Print(terminal.Output, request, report);
        return 0;
    }

    private static object Document(ImportRequest request, ImportReport report) => new
    {
        directory = Path.GetFullPath(request.To),
        report.Manifest.Name,
        report.Manifest.Precision,
        report.Files,
        seconds = report.Elapsed.TotalSeconds,
    };

    private static void Print(TextWriter output, ImportRequest request, ImportReport report)
    {
        foreach (var file in report.Files)
        {
            var sizes = string.Create(CultureInfo.InvariantCulture, $"{file.SourceBytes / 1e6,9:0.0} MB → {file.WrittenBytes / 1e6,9:0.0} MB");
            var cost = string.Create(CultureInfo.InvariantCulture, $"{file.Elapsed.TotalSeconds,6:0.0} s  peak memory {file.PeakMemoryBytes / 1e6,7:0} MB");
            output.WriteLine($"{file.File,-48} {sizes}  {cost}");
        }

        var seconds = report.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        output.WriteLine($"{Path.GetFullPath(request.To)} · {report.Manifest.Precision} · took {seconds} s");
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
