using System.Diagnostics;
using System.Text.Json;
using HunyuanPortrait.Cli.Tests.Processes;

namespace HunyuanPortrait.Cli.Tests.EndToEnd;

/// <summary>Whole renders through the real program, looked at with ffprobe.</summary>
public sealed class RenderTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ProgramUnderTest program;

    public RenderTests() => program = new ProgramUnderTest(folder);

    private static bool HasEmbedded => File.Exists(Path.Combine(AppContext.BaseDirectory, "models", "embedded", "model.json"));

    private static string[] Drawn { get; } = ["--assume-centred", "--driving-assume-centred"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Demo_Always_GivesAPlayableFileWithTheClipsTimingAndSound()
    {
        var output = folder.File("demo.mp4");
        var run = await program.RunAsync("demo", "--out", output);
        run.AssertDone();
        await AssertFollowsAsync(Clips.DemoClip, output);
        Assert.Contains("seed", run.Output, StringComparison.Ordinal);
        Assert.Contains(HasEmbedded ? "drawn portraits" : "mean nothing", run.Error, StringComparison.Ordinal);
        Leftovers.AssertNoTemporaryFiles(program);
    }

    [Fact]
    public async Task Demo_Always_LaysPortraitClipAndResultSideBySide()
    {
        var output = folder.File("demo.mp4");
        (await program.RunAsync("demo", "--model", "stand-in", "--steps", "1", "--duration", "0.4", "--out", output)).AssertDone();
        var (result, comparison) = (await Clips.ProbeAsync(output), await Clips.ProbeAsync(folder.File("demo-side-by-side.mp4")));
        Assert.Equal((256, 256), (result.Width, result.Height));
        Assert.Equal((3 * 256, 256), (comparison.Width, comparison.Height));
        Assert.Equal((result.Frames, true), (comparison.Frames, comparison.HasAudio));
    }

    [Fact]
    public async Task Render_WithoutAModel_UsesTheEmbeddedOneAndSaysWhatItIsFor()
    {
        Assert.SkipUnless(HasEmbedded, "needs models/embedded");
        var run = await RenderWithAsync([], Clips.DemoClip, folder.File("result.mp4"), "--steps", "1", "--duration", "0.2", "--json");
        run.AssertDone();
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal("Embedded", document.RootElement.GetProperty("model").GetProperty("kind").GetString(), ignoreCase: true);
        Assert.Contains("drawn portraits", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_OutputSize_ScalesThePictures()
    {
        var output = folder.File("result.mp4");
        (await RenderAsync(Clips.DemoClip, output, "--steps", "1", "--duration", "0.2", "--output-size", "192")).AssertDone();
        var video = await Clips.ProbeAsync(output);
        Assert.Equal((192, 192), (video.Width, video.Height));
    }

    [Fact]
    public async Task Render_FaceTrack_IsReadFromTheFirstFrameOfThePart()
    {
        var (clip, track) = (folder.File("drawn.mp4"), folder.File("drawn.json"));
        (await program.RunAsync("draw", "--identity", "5", "--frames", "12", "--size", "64", "--out", clip, "--faces", track)).AssertDone();
        Task<ProgramRun> Render(params string[] more) => program.RunAsync(
            ["render", "--model", "stand-in", "--portrait", Clips.DemoPortrait, "--assume-centred", "--driving", clip, "--driving-faces", track, "--force",
                "--out", folder.File("result.mp4"), "--steps", "1", .. more]);
        (await Render("--start", "0.2")).AssertDone();
        Assert.InRange((await Clips.ProbeAsync(folder.File("result.mp4"))).Frames, 6, 7);
        (await program.RunAsync("draw", "--identity", "5", "--frames", "4", "--size", "64", "--out", folder.File("short.mp4"), "--faces", track)).AssertDone();
        (await Render()).AssertRefused("HP1306");
    }

    [Fact]
    public async Task Render_SilentClip_GivesASilentFile()
    {
        var clip = folder.File("silent.mp4");
        await Clips.FfmpegAsync("-i", Clips.DemoClip, "-an", "-t", "0.4", "-c:v", "libx264", clip);
        var output = folder.File("result.mp4");
        (await RenderAsync(clip, output, "--steps", "1")).AssertDone();
        await AssertFollowsAsync(clip, output);
    }

    [Fact]
    public async Task Render_PartOfAClip_HasThatLength()
    {
        var output = folder.File("result.mp4");
        (await RenderAsync(Clips.DemoClip, output, "--steps", "1", "--start", "0.4", "--duration", "0.6")).AssertDone();
        var video = await Clips.ProbeAsync(output);
        Assert.InRange(video.Frames, 14, 16);
        Assert.Equal(0.6, video.Seconds, 1.5 / video.FramesPerSecond);
    }

    [Fact]
    public async Task Render_SameSeed_GivesTheSameFrames()
    {
        string[] quick = ["--steps", "2", "--duration", "0.4"];
        (await RenderAsync(Clips.DemoClip, folder.File("a.mp4"), [.. quick, "--seed", "7"])).AssertDone();
        (await RenderAsync(Clips.DemoClip, folder.File("b.mp4"), [.. quick, "--seed", "7"])).AssertDone();
        (await RenderAsync(Clips.DemoClip, folder.File("c.mp4"), [.. quick, "--seed", "8"])).AssertDone();
        var first = await Clips.FrameHashAsync(folder.File("a.mp4"));
        Assert.Equal(first, await Clips.FrameHashAsync(folder.File("b.mp4")));
        Assert.NotEqual(first, await Clips.FrameHashAsync(folder.File("c.mp4")));
    }

    [Fact]
    public async Task Render_TwoAtOnce_DoNotMeet()
    {
        var runs = await Task.WhenAll(new[] { "a.mp4", "b.mp4" }.Select(
            name => RenderAsync(Clips.DemoClip, folder.File(name), "--steps", "1", "--duration", "0.2")));
        Assert.All(runs, run => run.AssertDone());
        Assert.Equal(await Clips.FrameHashAsync(folder.File("a.mp4")), await Clips.FrameHashAsync(folder.File("b.mp4")));
    }

    [Fact]
    public async Task Render_PasteBack_HasThePortraitsSize()
    {
        var output = folder.File("result.mp4");
        (await RenderAsync(Clips.DemoClip, output, "--steps", "1", "--duration", "0.2", "--paste-back")).AssertDone();
        var video = await Clips.ProbeAsync(output);
        Assert.Equal((512, 512), (video.Width, video.Height));
    }

    [Fact]
    public async Task Render_Json_IsOneReport()
    {
        var output = folder.File("result.mp4");
        var run = await RenderAsync(Clips.DemoClip, output, "--steps", "1", "--duration", "0.2", "--seed", "11", "--json");
        run.AssertDone();
        using var document = JsonDocument.Parse(run.Output);
        var report = document.RootElement;
        Assert.Equal(11u, report.GetProperty("settings").GetProperty("sampling").GetProperty("seed").GetUInt64());
        Assert.Equal(5, report.GetProperty("output").GetProperty("frames").GetInt32());
        Assert.Equal("StandIn", report.GetProperty("model").GetProperty("kind").GetString(), ignoreCase: true);
        Assert.All(report.GetProperty("inputs").EnumerateArray(), input => Assert.Equal(64, input.GetProperty("sha256").GetString()!.Length));
        Assert.Equal(6, report.GetProperty("stages").GetArrayLength());
        Assert.True(report.GetProperty("peakMemoryBytes").GetInt64() > 10_000_000);
    }

    [Fact]
    public async Task Render_ExistingOutputWithForce_ReplacesIt()
    {
        var output = folder.File("result.mp4");
        await File.WriteAllTextAsync(output, "old", TestContext.Current.CancellationToken);
        (await RenderAsync(Clips.DemoClip, output, "--steps", "1", "--duration", "0.2", "--force")).AssertDone();
        Assert.Equal("h264", (await Clips.ProbeAsync(output)).Codec);
    }

    [Fact]
    public async Task Interrupt_InTheMiddle_StopsAndLeavesNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sends a POSIX signal with kill(1)");
        var output = folder.File("result.mp4");
        using var process = program.Start(
            ["render", "--portrait", Clips.DemoPortrait, "--driving", Clips.DemoClip, "--out", output, .. Drawn, "--steps", "1000"]);
        var seen = new List<string>();
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            seen.Add(line);
            if (line.StartsWith("denoising", StringComparison.Ordinal))
                break;
        }

        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var run = await ProgramUnderTest.FinishAsync(process);
        Assert.True(run.ExitCode == 130, $"exit code {run.ExitCode}\n{string.Join('\n', seen)}\n{run.Error}");
        Assert.Contains("stopped", run.Error, StringComparison.Ordinal);
        Leftovers.AssertNone(program, folder, output);
    }

    [Fact]
    public async Task Render_ReferenceAssets_GiveAPlayableFile()
    {
        var assets = ReferenceAssets.Folder;
        Assert.SkipUnless(assets is not null, "needs ../shared/reference/assets");
        var (clip, output) = (Path.Combine(assets, "driving_video.mp4"), folder.File("result.mp4"));
        var run = await program.RunAsync(
            "render", "--portrait", Path.Combine(assets, "source_image.png"), "--driving", clip, "--out", output, "--steps", "1");
        run.AssertDone();
        await AssertFollowsAsync(clip, output);
    }

    /// <summary>With the model that is always there: what these tests are about does not depend on weights.</summary>
    private Task<ProgramRun> RenderAsync(string clip, string output, params string[] more) => RenderWithAsync(["--model", "stand-in"], clip, output, more);

    private Task<ProgramRun> RenderWithAsync(string[] model, string clip, string output, params string[] more) => program.RunAsync(
        ["render", .. model, "--portrait", Clips.DemoPortrait, "--driving", clip, "--out", output, .. Drawn, .. more]);

    /// <summary>H.264 with the clip's frame count, rate, length within a frame, and sound exactly when the clip has it.</summary>
    private static async Task AssertFollowsAsync(string clip, string output)
    {
        var (expected, actual) = (await Clips.ProbeAsync(clip), await Clips.ProbeAsync(output));
        Assert.Equal(("h264", "yuv420p"), (actual.Codec, actual.PixelFormat));
        Assert.Equal(expected.Frames, actual.Frames);
        Assert.Equal(expected.FramesPerSecond, actual.FramesPerSecond, 3);
        Assert.Equal(expected.Seconds, actual.Seconds, 1 / expected.FramesPerSecond);
        Assert.Equal(expected.HasAudio, actual.HasAudio);
    }
}
