namespace HunyuanPortrait.Chaos.Tests;

/// <summary>An empty folder that vanishes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("portrait-chaos-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
