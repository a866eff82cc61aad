using System.CommandLine;
using System.CommandLine.Parsing;
using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Cli.Commands;

/// <summary>Parse errors → one refusal, with the nearest option where a name is unknown.</summary>
internal static class UsageProblem
{
    public static RenderException Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var unknown = parsed.UnmatchedTokens.FirstOrDefault(token => token.StartsWith('-'));
        if (unknown is not null)
            return CliErrors.Usage($"there is no option '{unknown}'.{Suggestion(unknown, command)}", VerbPath(parsed));
        return CliErrors.Usage(string.Join(" ", parsed.Errors.Select(error => error.Message).Distinct()), VerbPath(parsed));
    }

    private static string Suggestion(string unknown, Command command)
    {
        var name = unknown.Split('=')[0];
        var nearest = command.Options.Select(option => (option.Name, Distance: EditDistance(name, option.Name))).MinBy(candidate => candidate.Distance);
        return nearest.Name is not null && nearest.Distance <= Math.Max(2, name.Length / 3) ? $" Did you mean '{nearest.Name}'?" : "";
    }

    private static string VerbPath(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Parent: not null } verb; result = verb.Parent)
            names.Insert(0, verb.Command.Name);
        return string.Concat(names.Select(name => name + " "));
    }

    /// <summary>Levenshtein: insertions, deletions and replacements that turn one word into the other.</summary>
    internal static int EditDistance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[right.Length];
    }
}
