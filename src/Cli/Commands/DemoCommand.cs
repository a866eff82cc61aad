using System.CommandLine;
using HunyuanPortrait.Cli.Options;
using HunyuanPortrait.Cli.Reporting;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Rendering.Comparison;
using HunyuanPortrait.Rendering.Requests;

namespace HunyuanPortrait.Cli.Commands;

/// <summary><c>portrait demo</c>: the clip that comes with the program.</summary>
internal static class DemoCommand
{
    private const int OutputSize = 256;

    public static Command Create(ProgramTerminal terminal)
    {
        var output = new Option<string>("--out")
        {
            Description = "video to write",
            HelpName = "FILE",
            DefaultValueFactory = _ => "demo-output.mp4",
        };
        var options = new RenderOptions();
        var command = new Command("demo", "Renders the drawn portrait and the clip that come with the program.") { output };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = Path.Combine(AppContext.BaseDirectory, "demo");
            string[] files = ["portrait.png", "portrait.faces.json", "driving.mp4", "driving.faces.json"];
            if (files.Any(file => !File.Exists(Path.Combine(folder, file))))
                throw CliErrors.DemoFilesMissing(folder);
            var (portrait, driving) = (Path.Combine(folder, files[0]), Path.Combine(folder, files[2]));
            var model = ModelLocations.Resolve(parsed.GetValue(options.Model), parsed.GetValue(options.Models));
            var request = new RenderRequest(portrait, driving, parsed.GetRequiredValue(output), model)
            {
                Faces = new FaceOptions { Portrait = Faces(folder, files[1]), Driving = Faces(folder, files[3]) },
                Overwrite = true,
                OutputSize = OutputSize,
            };
            request = options.Apply(parsed, request);
            var json = parsed.GetValue(options.Json);
            await RenderRun.ExecuteAsync(terminal, request, json, cancellationToken).ConfigureAwait(false);
            var comparison = SideBySideName(request.OutputPath);
            await SideBySideVideo.WriteAsync(request, comparison, cancellationToken).ConfigureAwait(false);
            if (!json)
                await terminal.Output.WriteLineAsync($"{Path.GetFullPath(comparison)} · portrait | driving clip | result").ConfigureAwait(false);
            return 0;
        });
        return command;
    }

    /// <summary>Drawings need no detector: the demo brings the true faces along.</summary>
    private static FaceSelection Faces(string folder, string file) => FaceSelection.Tracked(FaceTrack.Read(Path.Combine(folder, file)));

    private static string SideBySideName(string output) =>
        Path.Combine(Path.GetDirectoryName(output) ?? "", $"{Path.GetFileNameWithoutExtension(output)}-side-by-side{Path.GetExtension(output)}");
}
