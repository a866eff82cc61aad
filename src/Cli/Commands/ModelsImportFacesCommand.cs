using System.CommandLine;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Conversion.Networks.FaceApi;

namespace HunyuanPortrait.Cli.Commands;

/// <summary><c>portrait models import-faces</c>: how the networks under <c>models/faces</c> were made; not needed to use the program.</summary>
internal static class ModelsImportFacesCommand
{
    public static Command Create(ProgramTerminal terminal)
    {
        var from = new Option<string>("--from") { HelpName = "DIR", Description = "the folder 'model' of the npm package @vladmandic/face-api", Required = true };
        var to = new Option<string>("--to") { HelpName = "DIR", Description = "folder for the graphs", Required = true };
        var command = new Command("import-faces", "Converts the face networks that come with the program.") { from, to };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            foreach (var file in FaceApiImporter.Import(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to)))
                terminal.Output.WriteLine(file);
        });
        return command;
    }
}
