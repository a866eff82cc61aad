using System.CommandLine;
using HunyuanPortrait.Cli.Options;
using HunyuanPortrait.Cli.Reporting;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Rendering.Requests;

namespace HunyuanPortrait.Cli.Commands;

/// <summary><c>portrait demo</c>: the clip that comes with the program.</summary>
internal static class DemoCommand
{
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
            var (portrait, driving) = (Path.Combine(folder, "portrait.png"), Path.Combine(folder, "driving.mp4"));
            if (!File.Exists(portrait) || !File.Exists(driving))
                throw CliErrors.DemoFilesMissing(folder);
            var model = ModelLocations.Resolve(parsed.GetValue(options.Model), parsed.GetValue(options.Models));
            var request = new RenderRequest(portrait, driving, parsed.GetRequiredValue(output), model)
            {
                Faces = new FaceOptions { Portrait = FaceSelection.AssumedCentred, Driving = FaceSelection.AssumedCentred },
                Overwrite = true,
            };
            await RenderRun.ExecuteAsync(terminal, options.Apply(parsed, request), parsed.GetValue(options.Json), cancellationToken).ConfigureAwait(false);
            return 0;
        });
        return command;
    }
}
