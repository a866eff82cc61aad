using System.Text.RegularExpressions;

namespace HunyuanPortrait.Architecture.Tests;

/// <summary>A code means one thing, and docs/troubleshooting.md says what to do about it.</summary>
public sealed partial class ErrorCodeTests
{
    private static readonly string[] Factories =
        [.. RepositoryTree.Sources("src").Where(path => path.EndsWith("Errors.cs", StringComparison.Ordinal))];

    [Fact]
    public void Codes_Always_AreWrittenInAFactory()
    {
        var elsewhere = RepositoryTree.Sources("src").Except(Factories)
            .SelectMany(path => CodeLiteral().Matches(File.ReadAllText(path)).Select(match => $"{match.Groups["code"].Value} in {RepositoryTree.Relative(path)}"));
        Assert.Empty(elsewhere);
    }

    [Fact]
    public void Codes_Always_HaveOneMeaning()
    {
        var meanings = Factories
            .SelectMany(path => Factory().Matches(File.ReadAllText(path)).Select(match => (Code: match.Groups["code"].Value, Meaning: $"{Path.GetFileNameWithoutExtension(path)}.{match.Groups["name"].Value}")))
            .ToArray();
        Assert.NotEmpty(meanings);
        var shared = meanings.Distinct().GroupBy(use => use.Code).Where(group => group.Count() > 1)
            .Select(group => $"{group.Key} means {string.Join(" and ", group.Select(use => use.Meaning))}");
        Assert.Empty(shared);
    }

    [Fact]
    public void Codes_Always_HaveAHeadingInTroubleshooting()
    {
        var codes = Factories.SelectMany(path => CodeLiteral().Matches(File.ReadAllText(path)).Select(match => match.Groups["code"].Value));
        var headings = Heading().Matches(RepositoryTree.Read("docs/troubleshooting.md")).Select(match => match.Groups["code"].Value).ToArray();
        Assert.Equal(codes.Distinct().Order(StringComparer.Ordinal), headings.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("\"(?<code>HP[1-6][0-9]{3})\"")]
    private static partial Regex CodeLiteral();

    [GeneratedRegex("RenderException (?<name>\\w+)\\(.*?\"(?<code>HP[1-6][0-9]{3})\"", RegexOptions.Singleline)]
    private static partial Regex Factory();

    [GeneratedRegex("^#+ (?<code>HP[1-6][0-9]{3})\\b", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
