using System.CommandLine;
using System.Globalization;
using HunyuanPortrait.Cli.Options;
using HunyuanPortrait.Cli.Reporting;
using HunyuanPortrait.Cli.Terminal;

namespace HunyuanPortrait.Cli.Commands;

/// <summary><c>portrait models list</c>.</summary>
internal static class ModelsListCommand
{
    public static Command Create(ProgramTerminal terminal)
    {
        var folder = ModelLocations.FolderOption();
        var json = new Option<bool>("--json") { Description = "write JSON" };
        var command = new Command("list", "Lists the models that --model can name.") { folder, json };
        command.SetAction(parsed =>
        {
            var place = ModelLocations.Folder(parsed.GetValue(folder));
            var models = ModelListing.Of(place);
            if (parsed.GetValue(json))
                terminal.WriteJson(new { folder = place, models });
            else
                Print(terminal, place, models);
        });
        return command;
    }

    private static void Print(ProgramTerminal terminal, string place, IReadOnlyList<ListedModel> models)
    {
        terminal.Output.WriteLine($"models in {place}");
        var width = models.Max(model => model.Name.Length);
        foreach (var model in models)
        {
            var facts = model.Problem ?? (model.Kind is null
                ? "written on first use; its pictures mean nothing"
                : string.Create(CultureInfo.InvariantCulture, $"{model.Kind}, {model.Precision}, {model.Width}×{model.Height}, {model.Bytes / 1e6:0.0} MB"));
            terminal.Output.WriteLine($"  {model.Name.PadRight(width)}  {facts}");
        }
    }
}
