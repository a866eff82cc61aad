namespace HunyuanPortrait.Cli.Tests.Processes;

/// <summary>A folder of one test.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("portrait-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Named models of all tests of this run: the stand-in is written once.</summary>
internal static class TestModels
{
    public static string Folder { get; } = Directory.CreateDirectory(System.IO.Path.Combine(AppContext.BaseDirectory, "test-models")).FullName;
}
