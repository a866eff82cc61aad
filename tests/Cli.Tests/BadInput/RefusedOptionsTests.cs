using System.Text.Json;
using HunyuanPortrait.Cli.Tests.Processes;

namespace HunyuanPortrait.Cli.Tests.BadInput;

/// <summary>Wrong command lines end with exit code 2 and say what to write instead.</summary>
public sealed class RefusedOptionsTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ProgramUnderTest program;

    public RefusedOptionsTests() => program = new ProgramUnderTest(folder);

    private string Output => folder.File("result.mp4");

    private string[] Render => ["render", "--portrait", Clips.DemoPortrait, "--driving", Clips.DemoClip, "--out", Output];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task UnknownOption_Always_IsRefusedWithTheNearest()
    {
        var run = await program.RunAsync([.. Render, "--stesp", "3"]);
        run.AssertRefused("HP3101", exitCode: 2);
        Assert.Empty(run.Output);
        Assert.Contains("'--stesp'", run.Error, StringComparison.Ordinal);
        Assert.Contains("'--steps'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownVerb_Always_IsRefused() => (await program.RunAsync("rendr")).AssertRefused("HP3101", exitCode: 2);

    [Fact]
    public async Task MissingOption_Always_IsNamed()
    {
        var run = await program.RunAsync("render", "--portrait", Clips.DemoPortrait, "--out", Output);
        run.AssertRefused("HP3101", exitCode: 2);
        Assert.Contains("--driving", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HP3102", "--seed", "-3")]
    [InlineData("HP3103", "--steps", "0")]
    [InlineData("HP3102", "--appearance-guidance", "strong")]
    [InlineData("HP3102", "--no-face", "ignore")]
    [InlineData("HP3103", "--strength", "1.5")]
    [InlineData("HP3102", "--start", "soon")]
    public async Task WrongValue_OfAnOption_IsRefused(string code, string option, string value)
    {
        var run = await program.RunAsync([.. Render, option, value]);
        run.AssertRefused(code, exitCode: 2);
        Assert.Contains(option, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--output-size", "128", "--paste-back")]
    [InlineData("--faces", "track.json", "--assume-centred")]
    public async Task OptionsThatContradictEachOther_Always_AreRefused(params string[] options) =>
        (await program.RunAsync([.. Render, .. options])).AssertRefused("HP3104", exitCode: 2);

    [Fact]
    public async Task Window_OfAnotherLengthThanTheModels_IsRefused()
    {
        var run = await program.RunAsync([.. Render, "--window", "9999"]);
        run.AssertRefused("HP3001", exitCode: 2);
        Assert.Contains("9999", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provider_ThatIsNotInThisBuild_IsRefusedWithTheReason() =>
        (await program.RunAsync([.. Render, "--provider", "cuda"])).AssertRefused("HP5002");

    [Fact]
    public async Task Json_OnARefusal_IsADocumentWithTheCode()
    {
        var run = await program.RunAsync([.. Render, "--json", "--steps", "0"]);
        run.AssertRefused("HP3103", exitCode: 2);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal("HP3103", document.RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Help_Always_NamesEveryVerb()
    {
        var run = await program.RunAsync("--help");
        run.AssertDone();
        Assert.All(["render", "demo", "models"], verb => Assert.Contains(verb, run.Output, StringComparison.Ordinal));
    }
}
