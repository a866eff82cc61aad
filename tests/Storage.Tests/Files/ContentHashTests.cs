using System.Security.Cryptography;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Storage.Files;

namespace HunyuanPortrait.Storage.Tests.Files;

public sealed class ContentHashTests
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void OfFile_PublishedMessages_GivesPublishedDigests(string message, string digest)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("message"), message);
        Assert.Equal(digest, ContentHash.OfFile(folder.File("message"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void OfFile_LongerThanTheBuffer_HashesAll()
    {
        using var folder = new TemporaryFolder();
        var content = Enumerable.Range(0, (2 << 20) + 17).Select(i => (byte)(i * 31)).ToArray();
        File.WriteAllBytes(folder.File("long"), content);
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        Assert.Equal(digest, ContentHash.OfFile(folder.File("long"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void OfFile_MissingFile_IsRefused() =>
        Assert.Equal("HP4003", Assert.Throws<RenderException>(() => ContentHash.OfFile("/no/such/file", TestContext.Current.CancellationToken)).Code);
}
