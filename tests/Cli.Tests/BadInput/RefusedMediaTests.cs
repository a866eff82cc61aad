using HunyuanPortrait.Cli.Tests.Processes;

namespace HunyuanPortrait.Cli.Tests.BadInput;

/// <summary>Bad pictures, clips and outputs through the real program: a code, one line, nothing left behind.</summary>
public sealed class RefusedMediaTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ProgramUnderTest program;

    public RefusedMediaTests() => program = new ProgramUnderTest(folder);

    private string Output => folder.File("result.mp4");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Render_TruncatedClip_IsRefused()
    {
        var whole = await File.ReadAllBytesAsync(Clips.DemoClip, TestContext.Current.CancellationToken);
        var clip = folder.File("cut.mp4");
        await File.WriteAllBytesAsync(clip, whole[..(whole.Length * 3 / 5)], TestContext.Current.CancellationToken);
        await AssertRefusedAsync("HP1207", Clips.DemoPortrait, clip);
    }

    [Fact]
    public async Task Render_TruncatedClipWithItsIndexAtTheEnd_IsRefused()
    {
        var whole = folder.File("whole.mp4");
        await Clips.FfmpegAsync("-i", Clips.DemoClip, "-c", "copy", whole);
        var bytes = await File.ReadAllBytesAsync(whole, TestContext.Current.CancellationToken);
        var clip = folder.File("cut.mp4");
        await File.WriteAllBytesAsync(clip, bytes[..(bytes.Length * 3 / 5)], TestContext.Current.CancellationToken);
        await AssertRefusedAsync("HP1202", Clips.DemoPortrait, clip);
    }

    [Fact]
    public async Task Render_TextAsClip_IsRefused()
    {
        var clip = folder.File("notes.mp4");
        await File.WriteAllTextAsync(clip, "This is not a video, whatever its name says.\n", TestContext.Current.CancellationToken);
        await AssertRefusedAsync("HP1202", Clips.DemoPortrait, clip);
    }

    [Fact]
    public async Task Render_ClipWithoutFrames_IsRefused()
    {
        var clip = folder.File("empty.avi");
        await Clips.FfmpegAsync("-i", Clips.DemoClip, "-map", "0:v", "-ss", "100", "-c", "copy", clip);
        await AssertRefusedAsync("HP1204", Clips.DemoPortrait, clip);
    }

    [Fact]
    public async Task Render_SoundOnly_IsRefused()
    {
        var clip = folder.File("sound.mp4");
        await Clips.FfmpegAsync("-f", "lavfi", "-i", "sine=duration=1", clip);
        await AssertRefusedAsync("HP1203", Clips.DemoPortrait, clip);
    }

    [Fact]
    public Task Render_MissingClip_IsRefused() => AssertRefusedAsync("HP1201", Clips.DemoPortrait, folder.File("nothing.mp4"));

    [Fact]
    public async Task Render_PictureOfOnePixel_IsRefused()
    {
        var picture = folder.File("dot.png");
        await Clips.FfmpegAsync("-f", "lavfi", "-i", "color=size=16x16,scale=1:1", "-frames:v", "1", picture);
        await AssertRefusedAsync("HP1103", picture, Clips.DemoClip);
    }

    [Fact]
    public async Task Render_HugePicture_IsRefusedBeforeDecoding()
    {
        var picture = folder.File("huge.png");
        Clips.WritePngHeader(picture, 30_000, 30_000);
        await AssertRefusedAsync("HP1104", picture, Clips.DemoClip);
    }

    [Fact]
    public async Task Render_TextAsPicture_IsRefused()
    {
        var picture = folder.File("notes.png");
        await File.WriteAllTextAsync(picture, "This is not a picture, whatever its name says.\n", TestContext.Current.CancellationToken);
        await AssertRefusedAsync("HP1102", picture, Clips.DemoClip);
    }

    [Fact]
    public async Task Render_PictureWithoutFace_IsRefused()
    {
        var picture = folder.File("wall.png");
        await Clips.FfmpegAsync("-f", "lavfi", "-i", "color=size=256x256:color=gray", "-frames:v", "1", picture);
        await AssertRefusedAsync("HP1301", picture, Clips.DemoClip);
    }

    [Fact]
    public async Task Render_ClipWithoutFaceAndPolicyFail_IsRefused()
    {
        var clip = folder.File("wall.mp4");
        await Clips.FfmpegAsync("-f", "lavfi", "-i", "color=size=256x256:color=gray:duration=0.5", clip);
        await AssertRefusedAsync("HP1302", Clips.DemoPortrait, clip, "--assume-centred", "--no-face", "fail");
    }

    [Fact]
    public async Task Render_ClipWithoutAnyFace_IsRefused()
    {
        var clip = folder.File("wall.mp4");
        await Clips.FfmpegAsync("-f", "lavfi", "-i", "color=size=256x256:color=gray:duration=0.5", clip);
        await AssertRefusedAsync("HP1303", Clips.DemoPortrait, clip, "--assume-centred");
    }

    [Fact]
    public Task Render_FaceBoxOutsideThePicture_IsRefused() =>
        AssertRefusedAsync("HP1304", Clips.DemoPortrait, Clips.DemoClip, "--face-box", "600,600,100,100");

    [Fact]
    public Task Render_StartBehindTheEnd_IsRefused() =>
        AssertRefusedAsync("HP1209", Clips.DemoPortrait, Clips.DemoClip, "--assume-centred", "--driving-assume-centred", "--start", "60");

    private async Task AssertRefusedAsync(string code, string portrait, string clip, params string[] more)
    {
        var run = await program.RunAsync(["render", "--portrait", portrait, "--driving", clip, "--out", Output, .. more]);
        run.AssertRefused(code);
        Leftovers.AssertNone(program, folder, Output);
    }
}
