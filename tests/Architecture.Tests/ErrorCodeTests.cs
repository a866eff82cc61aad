using System.Text.RegularExpressions;

namespace HunyuanPortrait.Architecture.Tests;

/// <summary>A code means one thing, and docs/troubleshooting.md says what to do about it.</summary>
public sealed partial class ErrorCodeTests
{
    private static readonly string[] Factories =
        [.. RepositoryTree.Sources("src").Where(path => path.EndsWith("Errors.cs", StringComparison.Ordinal))];

    [Fact]
    public void Codes_Always_AreWrittenOnceInAFactory()
    {
        var uses = RepositoryTree.Sources("src")
            .SelectMany(path => CodeLiteral().Matches(File.ReadAllText(path)).Select(match => (Code: match.Groups["code"].Value, Path: path)))
            .ToArray();
        Assert.NotEmpty(uses);
        Assert.Empty(uses.GroupBy(use => use.Code).Where(group => group.Count() > 1).Select(group => $"{group.Key} is written {group.Count()} times"));
        Assert.Empty(uses.Where(use => !Factories.Contains(use.Path)).Select(use => $"{use.Code} in {RepositoryTree.Relative(use.Path)}"));
    }

    [Fact]
    public void Codes_Always_HaveAHeadingInTroubleshooting()
    {
        var codes = Factories.SelectMany(path => CodeLiteral().Matches(File.ReadAllText(path)).Select(match => match.Groups["code"].Value));
        var headings = Heading().Matches(RepositoryTree.Read("docs/troubleshooting.md")).Select(match => match.Groups["code"].Value).ToArray();
        Assert.Equal(codes.Order(StringComparer.Ordinal), headings.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("\"(?<code>HP[1-5][0-9]{3})\"")]
    private static partial Regex CodeLiteral();

    [GeneratedRegex("^#+ (?<code>HP[1-5][0-9]{3})\\b", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
