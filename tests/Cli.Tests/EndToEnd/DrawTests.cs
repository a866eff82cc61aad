using HunyuanPortrait.Cli.Tests.Processes;
using HunyuanPortrait.Media.Pictures;

namespace HunyuanPortrait.Cli.Tests.EndToEnd;

public sealed class DrawTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ProgramUnderTest program;

    public DrawTests() => program = new ProgramUnderTest(folder);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Draw_Sheet_HasARowForEveryPerson()
    {
        var sheet = folder.File("sheet.png");
        (await program.RunAsync("draw", "--sheet", sheet, "--grid", "2x3", "--size", "32", "--split", "heldout")).AssertDone();
        var picture = new PictureReader().Read(sheet);
        Assert.Equal((3 * 32 + 2 * 2, 2 * 32 + 2), (picture.Width, picture.Height));
    }

    [Fact]
    public async Task Draw_ClipIntoAFolder_WritesEveryFrame()
    {
        var frames = folder.File("frames");
        (await program.RunAsync("draw", "--identity", "4294967295", "--motion-seed", "1", "--frames", "3", "--size", "32", "--out", frames)).AssertDone();
        Assert.Equal(["00000.png", "00001.png", "00002.png"], Directory.EnumerateFiles(frames).Select(Path.GetFileName).Order());
        (await program.RunAsync("draw", "--identity", "1", "--out", frames)).AssertRefused("HP4501");
    }

    [Fact]
    public async Task Draw_ClipThatStartsLater_IsTheRestOfIt()
    {
        string[] clip = ["draw", "--identity", "7", "--motion-seed", "2", "--size", "32", "--fps", "4"];
        (await program.RunAsync([.. clip, "--frames", "6", "--out", folder.File("all")])).AssertDone();
        (await program.RunAsync([.. clip, "--frames", "2", "--start", "1", "--out", folder.File("rest")])).AssertDone();
        Assert.Equal(await File.ReadAllBytesAsync(folder.File("all/00004.png"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(folder.File("rest/00000.png"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Draw_Stream_HasWholeBlocks()
    {
        using var process = program.Start("draw", "--stream", "--size", "16", "--grid", "2x3", "--clips", "4", "--count", "19");
        using var bytes = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(64 + 2 * (2 * (1 + 2 * 4)) * (128 + 5 * 16 * 16), bytes.Length);
    }

    [Fact]
    public async Task Draw_StreamWhoseReaderLeft_IsRefused()
    {
        using var process = program.Start("draw", "--stream", "--size", "64", "--count", "100000");
        process.StandardOutput.Close();
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("HP4601", error, StringComparison.Ordinal);
    }

    [Theory, InlineData("draw"), InlineData("draw", "--stream", "--sheet", "a.png"), InlineData("draw", "--identity", "3")]
    public async Task Draw_UnclearRequest_IsRefused(params string[] arguments) =>
        (await program.RunAsync(arguments)).AssertRefused("HP3101", exitCode: 2);

    [Theory, InlineData("--grid", "8"), InlineData("--split", "test"), InlineData("--seed", "-1")]
    public async Task Draw_MalformedValue_IsRefused(string option, string value) =>
        (await program.RunAsync("draw", "--stream", option, value)).AssertRefused("HP3102", exitCode: 2);
}
