using System.CommandLine;
using HunyuanPortrait.Cli.Options;
using HunyuanPortrait.Cli.Reporting;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Conversion.Import;
using HunyuanPortrait.Conversion.Models;

namespace HunyuanPortrait.Cli.Commands;

/// <summary><c>portrait models import</c>.</summary>
internal static class ModelsImportCommand
{
    private static readonly Dictionary<string, WeightPrecision> Precisions = new()
    {
        ["fp32"] = WeightPrecision.Single,
        ["fp16"] = WeightPrecision.Half,
    };

    private static readonly Dictionary<string, GraphDialect> Dialects = new()
    {
        ["portable"] = GraphDialect.Portable,
        ["cuda-nhwc"] = GraphDialect.CudaNhwc,
    };

    public static Command Create(ProgramTerminal terminal)
    {
        var from = new Option<string>("--from") { HelpName = "DIR", Description = "folder with the published files", Required = true };
        var to = new Option<string>("--to") { HelpName = "DIR", Description = "model directory to write; must not exist, or be empty", Required = true };
        var precision = new Option<string>("--precision") { HelpName = "fp16|fp32", Description = "element type of the weights (default: fp32)" };
        var dialect = new Option<string>("--dialect") { HelpName = "NAME", Description = "form of the graphs: portable (default; CPU, TensorRT), cuda-nhwc" };
        var size = new Option<string>("--image-size") { HelpName = "N", Description = "side of generated pictures, a multiple of 64 (default: the architecture's)" };
        var window = new Option<string>("--window-length") { HelpName = "N", Description = "frames per window (default: the architecture's)" };
        var accept = new Option<bool>("--accept-license") { Description = "accept the publishers' licences, for research use (NOTICE); recorded in model.json" };
        var json = new Option<bool>("--json") { Description = "write one JSON report to standard output" };
        var command = new Command("import", "Imports published checkpoints into a model directory.") { from, to, precision, dialect, size, window, accept, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var request = new ImportRequest(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to))
            {
                Precision = OptionValues.Choice(precision.Name, parsed.GetValue(precision) ?? "fp32", Precisions),
                Dialect = OptionValues.Choice(dialect.Name, parsed.GetValue(dialect) ?? "portable", Dialects),
                ImageSize = parsed.GetValue(size) is { } side ? OptionValues.Integer(size.Name, side, 64, 4096) : null,
                WindowLength = parsed.GetValue(window) is { } length ? OptionValues.Integer(window.Name, length, 1, 1000) : null,
                AcceptLicense = parsed.GetValue(accept),
            };
            return Task.Run(() => ImportRun.Execute(terminal, request, parsed.GetValue(json), cancellationToken), cancellationToken);
        });
        return command;
    }
}
