using System.CommandLine;
using HunyuanPortrait.Cli.Clusters;
using HunyuanPortrait.Cli.Options;
using HunyuanPortrait.Cli.Reporting;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Rendering.Requests;
using HunyuanPortrait.Silo.Local;
using HunyuanPortrait.Silo.Remote;

namespace HunyuanPortrait.Cli.Commands;

/// <summary><c>portrait render</c>.</summary>
internal static class RenderCommand
{
    public static Command Create(ProgramTerminal terminal)
    {
        var portrait = Path("--portrait", "picture of the person to animate (PNG, JPEG, WebP)");
        var driving = Path("--driving", "video of the performance");
        var output = Path("--out", "video to write (.mp4, .mov or .mkv)");
        var cluster = new Option<string>("--cluster") { HelpName = "DIR", Description = "let the cluster work that 'cluster up --dir DIR' runs" };
        var options = new RenderOptions();
        var command = new Command("render", "Renders one clip on this machine.") { portrait, driving, output, cluster };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = parsed.GetValue(cluster);
            var running = folder is null ? null : ClusterFile.Find(folder) ?? throw CliErrors.NoClusterHere(folder);
            var model = ModelLocations.Resolve(parsed.GetValue(options.Model) ?? running?.Model, parsed.GetValue(options.Models));
            var request = options.Apply(parsed, new RenderRequest(
                parsed.GetRequiredValue(portrait), parsed.GetRequiredValue(driving), parsed.GetRequiredValue(output), model));
            await RenderRun.ExecuteAsync(
                terminal, request, parsed.GetValue(options.Json), running is null ? LocalCluster.StartAsync : RemoteCluster.At(running.Address), cancellationToken).ConfigureAwait(false);
            return 0;
        });
        return command;
    }

    private static Option<string> Path(string name, string description) => new(name) { Description = description, HelpName = "FILE", Required = true };
}
