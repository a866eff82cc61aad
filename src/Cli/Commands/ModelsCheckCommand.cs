using System.CommandLine;
using HunyuanPortrait.Cli.Options;
using HunyuanPortrait.Cli.Reporting;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Inference.Sessions;
using HunyuanPortrait.Parity;

namespace HunyuanPortrait.Cli.Commands;

/// <summary><c>portrait models check</c>.</summary>
internal static class ModelsCheckCommand
{
    public static Command Create(ProgramTerminal terminal)
    {
        var directory = new Argument<string>("DIR") { Description = "a recorded case (config.json, weights, io.safetensors), or a folder of cases" };
        var model = new Option<string>("--model") { HelpName = "DIR", Description = "an imported model to run the full-size case with" };
        var naive = new Option<bool>("--naive") { Description = "check the literal graphs, not the product's" };
        var provider = new Option<string>("--provider") { HelpName = "NAME", Description = "where the networks run: cpu (default), cuda, tensorrt" };
        var threads = new Option<string>("--threads") { HelpName = "N", Description = "threads of a network" };
        var scratch = new Option<string>("--work-dir") { HelpName = "DIR", Description = "folder for large temporary files (default: the system's)" };
        var json = new Option<bool>("--json") { Description = "write one JSON report to standard output" };
        var command = new Command("check", "Compares networks with recorded tensors; exit code 0 only if all outputs pass.")
        {
            directory, model, naive, provider, threads, scratch, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var device = new DeviceOptions
            {
                Provider = parsed.GetValue(provider) ?? "cpu",
                IntraOpThreads = parsed.GetValue(threads) is { } count ? OptionValues.Integer(threads.Name, count, 1, 1024) : 0,
            };
            var options = new ParityOptions(new OnnxNetworkLoader(device))
            {
                IsNaive = parsed.GetValue(naive),
                ModelDirectory = parsed.GetValue(model),
                ScratchDirectory = parsed.GetValue(scratch) ?? Path.GetTempPath(),
            };
            var place = parsed.GetRequiredValue(directory);
            return Task.Run(() => CheckRun.Execute(terminal, place, options, parsed.GetValue(json), cancellationToken), cancellationToken);
        });
        return command;
    }
}
