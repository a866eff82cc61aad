using System.CommandLine;
using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Conversion.Import;

namespace HunyuanPortrait.Cli.Commands;

/// <summary><c>portrait models import-reader</c>: how <c>models/factor-reader</c> was made; not needed to use the program.</summary>
internal static class ModelsImportReaderCommand
{
    public static Command Create(ProgramTerminal terminal)
    {
        var from = new Option<string>("--from") { HelpName = "DIR", Description = "what training.train_reader wrote", Required = true };
        var to = new Option<string>("--to") { HelpName = "DIR", Description = "folder for the graph and its manifest", Required = true };
        var command = new Command("import-reader", "Converts the factor reader that 'evaluate' uses.") { from, to };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var manifest = FactorReaderImporter.Import(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to));
            terminal.Output.WriteLine($"{manifest.File}: {string.Join(", ", manifest.Factors)}");
        });
        return command;
    }
}
