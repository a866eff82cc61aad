using System.Globalization;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Rendering;
using HunyuanPortrait.Rendering.Jobs;
using HunyuanPortrait.Rendering.Reports;
using HunyuanPortrait.Rendering.Requests;
using HunyuanPortrait.Silo.Local;

namespace HunyuanPortrait.Cli.Reporting;

/// <summary>Renders, shows how it goes, says what came out.</summary>
internal static class RenderRun
{
    public static Task ExecuteAsync(ProgramTerminal terminal, RenderRequest request, bool json, CancellationToken cancellationToken) =>
        ExecuteAsync(terminal, request, json, LocalCluster.StartAsync, cancellationToken);

    public static async Task ExecuteAsync(
        ProgramTerminal terminal, RenderRequest request, bool json, StartLocalCluster start, CancellationToken cancellationToken)
    {
        var renderer = new ClusterRenderer(terminal.Clock, start);
        var report = await terminal.Progress(silent: json)
            .ShowAsync(progress => renderer.RenderAsync(request, progress, cancellationToken))
            .ConfigureAwait(false);
        foreach (var warning in report.Warnings)
            await terminal.Error.WriteLineAsync("note: " + warning).ConfigureAwait(false);
        if (json)
            terminal.WriteJson(report);
        else
            await terminal.Output.WriteLineAsync(Summary(report)).ConfigureAwait(false);
    }

    /// <summary>Where the file is, how long, how it was made.</summary>
    internal static string Summary(RenderReport report)
    {
        var output = report.Output;
        var length = string.Create(CultureInfo.InvariantCulture, $"{output.Frames} frames, {output.Seconds:0.00} s, {(output.HasAudio ? "with" : "no")} sound");
        var origin = string.Create(CultureInfo.InvariantCulture, $"seed {report.Settings.Sampling.Seed} · took {report.TotalSeconds:0.0} s");
        return $"{output.Path} · {length} · {origin}";
    }
}
