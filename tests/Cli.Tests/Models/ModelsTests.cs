using System.Text.Json;
using HunyuanPortrait.Cli.Tests.Processes;

namespace HunyuanPortrait.Cli.Tests.Models;

public sealed class ModelsTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ProgramUnderTest program;

    public ModelsTests() => program = new ProgramUnderTest(folder);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task List_OfAnEmptyFolder_HasWhatShipsAndTheStandIn()
    {
        var run = await program.RunAsync("models", "list", "--models", folder.File("models"), "--json");
        run.AssertDone();
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(["embedded", "stand-in"], document.RootElement.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task List_OfADamagedModel_SaysWhatIsWrongWithIt()
    {
        var model = Directory.CreateDirectory(folder.File("models/broken")).FullName;
        await File.WriteAllTextAsync(Path.Combine(model, "model.json"), "{", TestContext.Current.CancellationToken);
        var run = await program.RunAsync("models", "list", "--models", folder.File("models"));
        run.AssertDone();
        Assert.Contains("HP2901", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAFolderWithoutCases_IsRefused() =>
        (await program.RunAsync("models", "check", folder.Path)).AssertRefused("HP2801");

    [Fact]
    public async Task Render_WithAModelThatIsNone_IsRefused() =>
        (await program.RunAsync(
            "render", "--portrait", Clips.DemoPortrait, "--driving", Clips.DemoClip, "--out", folder.File("out.mp4"), "--model", folder.Path)).AssertRefused("HP2911");
}
