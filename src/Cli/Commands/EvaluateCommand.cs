using System.CommandLine;
using HunyuanPortrait.Cli.Options;
using HunyuanPortrait.Cli.Reporting;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Evaluation.Material;
using HunyuanPortrait.Inference.Sessions;

namespace HunyuanPortrait.Cli.Commands;

/// <summary><c>portrait evaluate</c>: how good a model is, measured on drawn portraits (docs/evaluation.md).</summary>
internal static class EvaluateCommand
{
    private const int DefaultClips = 10;
    private const int DefaultPictures = 400;
    private const int DefaultAblationClips = 2;
    private const ulong DefaultSeed = 1;

    public static Command Create(ProgramTerminal terminal)
    {
        var model = Text("--model", "DIR|NAME", "model to evaluate (default: as 'render')");
        var models = ModelLocations.FolderOption();
        var seed = Text("--seed", "S", "selects held-out persons and performances (default: 1)");
        var clips = Text("--clips", "N", "portraits, each with a performance of its own (default: 10)");
        var pictures = Text("--pictures", "N", "frames of all clips together (default: 400)");
        var ablations = Text("--ablation-clips", "N", "clips that are rendered with parts left out, too (default: 2)");
        var output = Text("--out", "DIR", "folder for the page, the pictures and the report (default: evaluation-output)");
        var threads = Text("--threads", "N", "threads of a network (default: one for every core)");
        var json = new Option<bool>("--json") { Description = "write one JSON report to standard output" };
        var command = new Command("evaluate", "Measures a model on drawn portraits whose truth is known.") { model, models, seed, clips, pictures, ablations, output, threads, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            int Integer(Option<string> option, int otherwise, int least, int most) =>
                parsed.GetValue(option) is { } text ? OptionValues.Integer(option.Name, text, least, most) : otherwise;
            var count = Integer(clips, DefaultClips, 1, 1000);
            var frames = (Integer(pictures, DefaultPictures, 2, 1_000_000) + count - 1) / count;
            var plan = new EvaluationPlan(parsed.GetValue(seed) is { } text ? OptionValues.Seed(seed.Name, text) : DefaultSeed, count, Math.Max(2, frames));
            var request = new EvaluationRequest(
                ModelLocations.Resolve(parsed.GetValue(model), parsed.GetValue(models)), parsed.GetValue(output) ?? "evaluation-output", plan,
                Integer(ablations, DefaultAblationClips, 0, 1000), new DeviceOptions { IntraOpThreads = Integer(threads, 0, 1, 1024) });
            return Task.Run(() => EvaluationRun.Execute(terminal, request, parsed.GetValue(json), cancellationToken), cancellationToken);
        });
        return command;
    }

    private static Option<string> Text(string name, string form, string description) => new(name) { HelpName = form, Description = description };
}
