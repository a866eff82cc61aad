namespace HunyuanPortrait.Architecture.Tests;

/// <summary>Arrows point inward (docs/architecture.md).</summary>
public sealed class ProjectArrowsTests
{
    private static readonly Dictionary<string, string[]> AllowedReferences = new()
    {
        ["Core"] = [],
        ["Conversion"] = ["Core"],
        ["Drawing"] = ["Core"],
        ["Inference"] = ["Core"],
        ["Media"] = ["Core"],
        ["Storage"] = ["Core"],
        ["Workers"] = ["Core"],
        ["Grains.Interfaces"] = [],
        ["Grains"] = ["Core", "Grains.Interfaces"],
        ["Silo"] = ["Core", "Grains", "Grains.Interfaces", "Inference", "Media", "Rendering", "Storage", "Workers"],
        ["Rendering"] = ["Core", "Inference", "Media", "Storage"],
        ["Parity"] = ["Conversion", "Core", "Inference", "Media", "Rendering", "Storage"],
        ["Evaluation"] = ["Core", "Drawing", "Inference", "Media", "Rendering", "Storage"],
        ["Cli"] = ["Conversion", "Core", "Drawing", "Evaluation", "Inference", "Media", "Parity", "Rendering", "Silo", "Storage"],
    };

    /// <summary>Grains are tested where a cluster is: contracts, grains and host in one project.</summary>
    private static readonly Dictionary<string, string> TestedTogether = new()
    {
        ["Grains.Interfaces"] = "Cluster.Tests",
        ["Grains"] = "Cluster.Tests",
        ["Silo"] = "Cluster.Tests",
    };

    public static TheoryData<string> SourceProjects =>
        [.. RepositoryTree.Projects("src").Select(RepositoryTree.Relative)];

    [Theory, MemberData(nameof(SourceProjects))]
    public void ProjectReferences_OfSource_PointInward(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        Assert.True(AllowedReferences.TryGetValue(name, out var allowed), $"{project} has no place in the list of arrows: give it one.");
        var wrong = RepositoryTree.ProjectReferences(Path.Combine(RepositoryTree.Root, project)).Except(allowed);
        Assert.Empty(wrong);
    }

    [Fact]
    public void PackageReferences_OfCore_AreTensorPrimitivesOnly() =>
        Assert.Equal(["System.Numerics.Tensors"], RepositoryTree.PackageReferences(Path.Combine(RepositoryTree.Root, "src/Core/Core.csproj")));

    [Fact]
    public void PackageReferences_OfContracts_AreTheOrleansSdkOnly() => Assert.Equal(
        ["Microsoft.Orleans.Sdk"], RepositoryTree.PackageReferences(Path.Combine(RepositoryTree.Root, "src/Grains.Interfaces/Grains.Interfaces.csproj")));

    [Fact]
    public void Simulation_Always_IsOutOfReachOfTheProduct() => Assert.DoesNotContain(
        "Simulation", RepositoryTree.Projects("src").SelectMany(RepositoryTree.ProjectReferences));

    [Fact]
    public void Solution_Always_ContainsEveryProject()
    {
        var solution = RepositoryTree.Read("HunyuanPortrait.sln").Replace('\\', '/');
        var missing = new[] { "src", "tests", "benchmarks" }.SelectMany(RepositoryTree.Projects)
            .Select(RepositoryTree.Relative)
            .Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal));
        Assert.Empty(missing);
    }

    [Fact]
    public void SourceProjects_Always_HaveATestProject()
    {
        var tests = RepositoryTree.Projects("tests").Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var untested = RepositoryTree.Projects("src")
            .Select(project => Path.GetFileNameWithoutExtension(project)!)
            .Select(project => TestedTogether.GetValueOrDefault(project, project + ".Tests")).Where(test => !tests.Contains(test));
        Assert.Empty(untested);
    }
}
