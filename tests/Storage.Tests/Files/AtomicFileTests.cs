using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Storage.Files;

namespace HunyuanPortrait.Storage.Tests.Files;

public sealed class AtomicFileTests
{
    [Fact]
    public void Commit_NewFile_PutsItInPlaceAlone()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.WriteAllBytes(folder.File("out.mp4"), [1, 2, 3]);
        Assert.Equal([folder.File("out.mp4")], folder.Entries);
        Assert.Equal(new byte[] { 1, 2, 3 }, File.ReadAllBytes(folder.File("out.mp4")));
    }

    [Fact]
    public void Commit_OlderFile_IsReplaced()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("out"), "old and longer");
        AtomicFile.WriteAllBytes(folder.File("out"), "new"u8);
        Assert.Equal("new", File.ReadAllText(folder.File("out")));
    }

    [Fact]
    public void Dispose_WithoutCommit_LeavesTheOlderFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("out.mp4"), "old");
        using (var file = AtomicFile.Create(folder.File("out.mp4")))
        {
            Assert.EndsWith(".mp4", file.TemporaryPath, StringComparison.Ordinal);
            Assert.Equal(folder.Path, Path.GetDirectoryName(file.TemporaryPath));
            File.WriteAllText(file.TemporaryPath, "half");
        }

        Assert.Equal([folder.File("out.mp4")], folder.Entries);
        Assert.Equal("old", File.ReadAllText(folder.File("out.mp4")));
    }

    [Theory, InlineData("missing/out.mp4"), InlineData("folder"), InlineData("folder/"), InlineData("file/out.mp4")]
    public void Create_UnwritablePath_IsRefused(string path)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("folder"));
        File.WriteAllText(folder.File("file"), "");
        var exception = Assert.Throws<RenderException>(() => AtomicFile.Create(folder.File(path)));
        Assert.Equal("HP4002", exception.Code);
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Equal(2, folder.Entries.Count());
    }

    [Fact]
    public void Create_ReadOnlyFileSystem_IsRefused()
    {
        using var folder = TemporaryFolder.WithSize("1m");
        folder.MakeReadOnly();
        Assert.Equal("HP4002", Assert.Throws<RenderException>(() => AtomicFile.Create(folder.File("out.mp4"))).Code);
    }

    [Fact]
    public void WriteAllBytes_FullDisk_IsRefusedAndLeavesNothing()
    {
        using var folder = TemporaryFolder.WithSize("1m");
        var exception = Assert.Throws<RenderException>(() => AtomicFile.WriteAllBytes(folder.File("out.mp4"), new byte[2 << 20]));
        Assert.Equal("HP4001", exception.Code);
        Assert.Empty(folder.Entries);
    }
}
