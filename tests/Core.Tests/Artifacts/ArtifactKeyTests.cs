using CsCheck;
using HunyuanPortrait.Core.Artifacts;

namespace HunyuanPortrait.Core.Tests.Artifacts;

public sealed class ArtifactKeyTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("jobs/7f3a/latents/12/3")]
    [InlineData("A-b_c.d=20/x")]
    public void Parse_ValidText_KeepsIt(string text) => Assert.Equal(text, ArtifactKey.Parse(text).Value);

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/..")]
    [InlineData("a/./b")]
    [InlineData(".hidden")]
    [InlineData("a/dot.")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("C:")]
    [InlineData("a\n")]
    public void TryParse_BrokenRule_IsRefused(string text)
    {
        Assert.False(ArtifactKey.TryParse(text, out _));
        Assert.Throws<ArgumentException>(() => ArtifactKey.Parse(text));
    }

    [Fact]
    public void TryParse_TooLong_IsRefused()
    {
        Assert.True(ArtifactKey.TryParse(new string('a', ArtifactKey.MaxPartLength), out _));
        Assert.False(ArtifactKey.TryParse(new string('a', ArtifactKey.MaxPartLength + 1), out _));
        Assert.False(ArtifactKey.TryParse(string.Join('/', Enumerable.Repeat("abc", 129)), out _));
    }

    [Fact]
    public void Divide_NameOrNumber_IsBelowTheFolder()
    {
        var key = ArtifactKey.Of("jobs", "7f") / "latents" / 12;
        Assert.Equal("jobs/7f/latents/12", key.Value);
        Assert.True(key.IsIn(ArtifactKey.Of("jobs/7f")));
        Assert.False(key.IsIn(ArtifactKey.Of("jobs/7")));
        Assert.False(key.IsIn(key));
    }

    [Theory]
    [InlineData("plain-1.txt", "plain-1.txt")]
    [InlineData("a/b c", "a=2Fb=20c")]
    [InlineData("a=b", "a=3Db")]
    [InlineData(".a.", "=2Ea=2E")]
    [InlineData("ä", "=C3=A4")]
    [InlineData("😀", "=F0=9F=98=80")]
    public void Escape_AnyText_IsOnePart(string text, string part)
    {
        Assert.Equal(part, ArtifactKey.Escape(text));
        Assert.Equal(part, ArtifactKey.Parse(part).Value);
    }

    [Fact]
    public void Escape_DifferentTexts_NeverCollide() =>
        Gen.Select(Gen.String[Gen.Char["a.=/ 2F"], 1, 6], Gen.String[Gen.Char["a.=/ 2F"], 1, 6])
            .Sample((first, second) => Assert.Equal(first == second, ArtifactKey.Escape(first) == ArtifactKey.Escape(second)));

    [Fact]
    public void Escape_NothingOrTooMuch_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => ArtifactKey.Escape(""));
        Assert.Throws<ArgumentException>(() => ArtifactKey.Escape(new string('/', 67)));
    }
}
