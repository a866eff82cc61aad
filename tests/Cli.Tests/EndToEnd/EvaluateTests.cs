using System.Text.Json;
using HunyuanPortrait.Cli.Tests.Processes;

namespace HunyuanPortrait.Cli.Tests.EndToEnd;

public sealed class EvaluateTests : IDisposable
{
    private static readonly string[] Quick = ["evaluate", "--model", "stand-in", "--clips", "1", "--pictures", "3", "--ablation-clips", "0"];
    private readonly TestFolder folder = new();
    private readonly ProgramUnderTest program;

    public EvaluateTests() => program = new ProgramUnderTest(folder);

    private static bool HasReader => File.Exists(Path.Combine(AppContext.BaseDirectory, "models", "factor-reader", "reader.json"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Evaluate_Json_HasTheMainFiguresAndWritesThePage()
    {
        Assert.SkipUnless(HasReader, "needs models/factor-reader");
        var output = folder.File("results");
        var run = await program.RunAsync([.. Quick, "--seed", "9", "--out", output, "--json"]);
        run.AssertDone();
        using var document = JsonDocument.Parse(run.Output);
        var report = document.RootElement;
        string[] figures = ["psnrGainDb", "identityRetrieval", "motionRetrieval", "expressionR2", "edgeEnergy", "flickerRatio", "seamRatio"];
        foreach (var figure in figures)
        {
            Assert.True(report.TryGetProperty(figure, out _), figure);
            Assert.True(report.GetProperty("baselines").GetProperty("portraitHeld").TryGetProperty(figure, out _), figure);
        }

        Assert.Equal(9u, report.GetProperty("material").GetProperty("seed").GetUInt64());
        Assert.Equal(3, report.GetProperty("material").GetProperty("pictures").GetInt32());
        Assert.Equal(["index.html", "pictures.png", "report.json"], Directory.EnumerateFiles(output).Select(Path.GetFileName).Order());
        Assert.Equal(run.Output.Trim(), (await File.ReadAllTextAsync(Path.Combine(output, "report.json"), TestContext.Current.CancellationToken)).Trim());
    }

    [Theory, InlineData("--clips", "0"), InlineData("--pictures", "1"), InlineData("--ablation-clips", "-1")]
    public async Task Evaluate_CountOutOfRange_IsRefused(string option, string value) =>
        (await program.RunAsync("evaluate", option, value)).AssertRefused("HP3103", exitCode: 2);

    [Fact]
    public async Task Evaluate_AFolderThatIsNoModel_IsRefused() =>
        (await program.RunAsync("evaluate", "--model", folder.Path, "--out", folder.File("results"))).AssertRefused("HP2911");
}
