using System.Text.RegularExpressions;

namespace HunyuanPortrait.Architecture.Tests;

public sealed partial class NamingTests
{
    private static readonly string[] Folders = ["src", "tests", "benchmarks"];

    [Fact]
    public void Folders_Always_SayWhatTheyHold()
    {
        var vague = Folders.SelectMany(RepositoryTree.Sources)
            .Select(path => Path.GetDirectoryName(RepositoryTree.Relative(path))!)
            .Distinct()
            .Where(folder => folder.Split('/', '\\').Any(part => VagueFolder().IsMatch(part)));
        Assert.Empty(vague);
    }

    [Fact]
    public void Types_Always_SayWhatTheyDo()
    {
        var vague = Folders.SelectMany(RepositoryTree.Sources)
            .SelectMany(path => VagueType().Matches(File.ReadAllText(path)).Select(match => $"{RepositoryTree.Relative(path)}: {match.Groups["name"].Value}"));
        Assert.Empty(vague);
    }

    [Fact]
    public void Namespaces_OfSource_AreFolderPaths()
    {
        var wrong = RepositoryTree.Sources("src")
            .Select(path => (Path: RepositoryTree.Relative(path), Declared: Namespace().Match(File.ReadAllText(path)).Groups["name"].Value))
            .Where(file => file.Declared.Length > 0 && file.Declared != ExpectedNamespace(file.Path))
            .Select(file => $"{file.Path} declares {file.Declared}, its folder says {ExpectedNamespace(file.Path)}");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Files_Always_FitOnFourHundredLines()
    {
        var tooLong = Folders.SelectMany(RepositoryTree.Sources)
            .Select(path => (Path: RepositoryTree.Relative(path), Lines: File.ReadLines(path).Count()))
            .Where(file => file.Lines > 400)
            .Select(file => $"{file.Path} has {file.Lines} lines");
        Assert.Empty(tooLong);
    }

    private static string ExpectedNamespace(string path) =>
        "HunyuanPortrait." + string.Join('.', path.Split('/')[1..^1]);

    [GeneratedRegex("^(Utils?|Helpers?|Managers?|Common|Shared|Misc)$", RegexOptions.IgnoreCase)]
    private static partial Regex VagueFolder();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+(?<name>\w*(Utils?|Helpers?|Manager|Common))\b")]
    private static partial Regex VagueType();

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
