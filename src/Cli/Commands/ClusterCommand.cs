using System.CommandLine;
using HunyuanPortrait.Cli.Clusters;
using HunyuanPortrait.Cli.Options;
using HunyuanPortrait.Cli.Terminal;

namespace HunyuanPortrait.Cli.Commands;

/// <summary><c>portrait cluster</c>: several processes on this machine.</summary>
internal static class ClusterCommand
{
    private const int MostSilos = 64;

    public static Command Create(ProgramTerminal terminal) => new("cluster", "Runs a cluster of several processes on this machine.") { Up(terminal) };

    private static Command Up(ProgramTerminal terminal)
    {
        var gpus = Text("--gpu-silos", "N", "processes that compute (default: 2)");
        var controls = Text("--control-silos", "N", "processes that coordinate (default: 1)");
        var threads = Text("--threads", "N", "threads of a network in one process (default: the cores, shared among the processes that compute)");
        var folder = Text("--dir", "DIR", "folder of the store and the logs (default: portrait-cluster)");
        var model = Text("--model", "DIR|NAME", "model directory, or a name that 'models list' shows");
        var models = ModelLocations.FolderOption();
        var command = new Command("up", "Starts Redis and silos, says where they are, and ends them with Ctrl-C.") { gpus, controls, threads, folder, model, models };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var gpuSilos = Count(parsed, gpus, MostSilos) ?? 2;
            var plan = new LocalClusterPlan(
                parsed.GetValue(folder) ?? "portrait-cluster", ModelLocations.Resolve(parsed.GetValue(model), parsed.GetValue(models)),
                Count(parsed, controls, MostSilos) ?? 1, gpuSilos, Count(parsed, threads, 1024) ?? Math.Max(1, Environment.ProcessorCount / gpuSilos));
            var run = new LocalClusterRun(terminal, plan);
            await using (run.ConfigureAwait(false))
                await run.RunAsync(cancellationToken).ConfigureAwait(false);
            return 0;
        });
        return command;
    }

    private static int? Count(ParseResult parsed, Option<string> option, int largest) =>
        parsed.GetValue(option) is { } text ? OptionValues.Integer(option.Name, text, 1, largest) : null;

    private static Option<string> Text(string name, string form, string description) => new(name) { HelpName = form, Description = description };
}
