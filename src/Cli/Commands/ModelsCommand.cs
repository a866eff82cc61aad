using System.CommandLine;
using HunyuanPortrait.Cli.Terminal;

namespace HunyuanPortrait.Cli.Commands;

/// <summary><c>portrait models</c>: everything about model directories.</summary>
internal static class ModelsCommand
{
    public static Command Create(ProgramTerminal terminal) => new("models", "Imports, checks and lists models.")
    {
        ModelsImportCommand.Create(terminal),
        ModelsImportFacesCommand.Create(terminal),
        ModelsImportReaderCommand.Create(terminal),
        ModelsCheckCommand.Create(terminal),
        ModelsListCommand.Create(terminal),
    };
}
