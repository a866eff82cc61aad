using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Rendering.Stages;

namespace HunyuanPortrait.Rendering.Tests.Stages;

public sealed class FolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rendering-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void WorkFolder_AtItsEnd_IsGoneWithEverythingInIt()
    {
        string path;
        using (var work = WorkFolder.Create(folder))
        {
            path = work.Path;
            File.WriteAllText(Path.Combine(path, "latents"), "…");
        }

        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void WorkFolder_BelowAFile_IsRefused()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        Assert.Equal("HP4503", Assert.Throws<RenderException>(() => WorkFolder.Create(file)).Code);
    }

    [Fact]
    public void OutputTarget_ThatCanBeWritten_LeavesNoTrace()
    {
        OutputTarget.Check(Path.Combine(folder, "out.mp4"), overwrite: false);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void OutputTarget_ThatIsAnInputUnderAnotherName_IsRefused()
    {
        var path = Path.Combine(folder, "clip.mp4");
        var refusal = Assert.Throws<RenderException>(() => OutputTarget.Check(path, overwrite: true, Path.Combine(folder, ".", "clip.mp4")));
        Assert.Equal("HP4502", refusal.Code);
    }
}
