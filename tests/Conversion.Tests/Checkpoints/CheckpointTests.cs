using System.Text;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Conversion.Tests.Checkpoints;

public sealed class CheckpointTests
{
    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "Fixtures", "pth-format");

    [Theory]
    [InlineData("hello, world\n", "a text file")]
    [InlineData("{\"a\": 1}", "a text file")]
    [InlineData("\n<!DOCTYPE html><html><title>404</title></html>", "an HTML or XML page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "git lfs pull")]
    [InlineData("\u0080\u0002}.", "a bare pickle")]
    [InlineData("\u001F\u008B\u0008\0", "a compressed archive")]
    [InlineData("\u0089HDF\r\n", "an HDF5 file")]
    [InlineData("GGUF\u0003", "a GGUF file")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0", "an unknown binary format")]
    [InlineData("", "an empty file")]
    [InlineData("P", "a text file")]
    public void Open_SomethingElse_SaysWhatItLooksLike(string content, string description)
    {
        using var folder = new TemporaryFolder();
        foreach (var extension in new[] { "pth", "safetensors" })
        {
            var path = folder.Write($"file.{extension}", Encoding.Latin1.GetBytes(content));
            var refusal = Assert.Throws<RenderException>(() => Checkpoint.Open(path).Dispose());
            Assert.Equal("HP2002", refusal.Code);
            Assert.Contains(description, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("plain_fp32.pth", "renamed.safetensors")]
    [InlineData("plain_fp32.expected.safetensors", "renamed.pth")]
    [InlineData("legacy_format.pth", "renamed.bin")]
    public void Open_WrongExtension_GoesByContent(string original, string renamed)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(renamed, File.ReadAllBytes(Path.Combine(Fixtures, original)));
        using var expected = Checkpoint.Open(Path.Combine(Fixtures, original));
        using var actual = Checkpoint.Open(path);
        CheckpointComparison.AssertSame(expected, actual);
    }

    [Fact]
    public void Open_MissingFile_IsRefused() =>
        Assert.Equal("HP2001", Assert.Throws<RenderException>(() => Checkpoint.Open("/nowhere/at/all.pth").Dispose()).Code);

    [Fact]
    public void Open_Directory_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<RenderException>(() => Checkpoint.Open(folder.Path).Dispose());
        Assert.Equal("HP2001", refusal.Code);
        Assert.Contains("directory", refusal.Message, StringComparison.Ordinal);
    }
}
