using HunyuanPortrait.Cli.Options;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Rendering.Requests;

namespace HunyuanPortrait.Cli.Tests.Options;

public sealed class OptionValuesTests
{
    [Theory]
    [InlineData("2", 2, 2)]
    [InlineData("2.5", 2.5, 2.5)]
    [InlineData("1:2.5", 1, 2.5)]
    [InlineData("3:0", 3, 0)]
    public void Ramp_NumberOrTwo_IsRead(string text, float first, float last) =>
        Assert.Equal(new GuidanceRamp(first, last), OptionValues.Ramp("--g", text));

    [Theory]
    [InlineData("")]
    [InlineData("two")]
    [InlineData("1:2:3")]
    [InlineData("1,5")]
    [InlineData("NaN")]
    [InlineData("1e2")]
    public void Ramp_OtherForm_IsRefused(string text) => AssertRefused("HP3102", text, () => OptionValues.Ramp("--g", text));

    [Fact]
    public void Ramp_Negative_IsRefused() => AssertRefused("HP3103", "-1", () => OptionValues.Ramp("--g", "-1"));

    [Fact]
    public void Window_LengthOnly_LeavesTheRestToTheModel() => Assert.Equal((25, null, null), OptionValues.Window("--window", "25"));

    [Fact]
    public void Window_AllThree_AreRead() => Assert.Equal((25, 3, 7), OptionValues.Window("--window", "25,3,7"));

    [Fact]
    public void Window_OverlapAsLongAsTheWindow_IsRefused() => AssertRefused("HP3103", "25", () => OptionValues.Window("--window", "25,25"));

    [Theory]
    [InlineData("12.5", 12.5)]
    [InlineData("1:02.5", 62.5)]
    [InlineData("1:00:01", 3601)]
    public void Time_AsFfmpegWritesIt_IsRead(string text, double seconds) =>
        Assert.Equal(seconds, OptionValues.Time("--start", text).TotalSeconds, 3);

    [Theory]
    [InlineData("soon")]
    [InlineData("1:2:3:4")]
    [InlineData("5s")]
    public void Time_OtherForm_IsRefused(string text) => AssertRefused("HP3102", text, () => OptionValues.Time("--start", text));

    [Fact]
    public void FaceBox_FourNumbers_IsPlaceAndSize()
    {
        var box = OptionValues.FaceBox("--face-box", "10,20,30,40");
        Assert.Equal((10, 20, 40, 60), (box.Left, box.Top, box.Right, box.Bottom));
    }

    [Theory]
    [InlineData("10,20,30")]
    [InlineData("a,b,c,d")]
    public void FaceBox_OtherForm_IsRefused(string text) => AssertRefused("HP3102", null, () => OptionValues.FaceBox("--face-box", text));

    [Fact]
    public void FaceBox_WithoutWidth_IsRefused() => AssertRefused("HP3103", "0", () => OptionValues.FaceBox("--face-box", "1,2,0,4"));

    [Theory]
    [InlineData("0")]
    [InlineData("1.01")]
    public void Fraction_OutsideItsRange_IsRefused(string text) => AssertRefused("HP3103", text, () => OptionValues.Fraction("--strength", text));

    [Fact]
    public void Seed_LargestNumber_IsRead() => Assert.Equal(ulong.MaxValue, OptionValues.Seed("--seed", "18446744073709551615"));

    [Fact]
    public void Seed_Negative_IsRefused() => AssertRefused("HP3102", "-1", () => OptionValues.Seed("--seed", "-1"));

    private static void AssertRefused(string code, string? mentioned, Action action)
    {
        var refusal = Assert.Throws<RenderException>(action);
        Assert.Equal(code, refusal.Code);
        if (mentioned is not null)
            Assert.Contains(mentioned, refusal.Message, StringComparison.Ordinal);
    }
}
