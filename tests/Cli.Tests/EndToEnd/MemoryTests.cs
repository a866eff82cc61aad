using System.Text.Json;
using HunyuanPortrait.Cli.Tests.Processes;

namespace HunyuanPortrait.Cli.Tests.EndToEnd;

/// <summary>The small brother of <c>benchmarks/memory</c>, which compares 400 with 4,000 frames.</summary>
public sealed class MemoryTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ProgramUnderTest program;

    public MemoryTests() => program = new ProgramUnderTest(folder);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task PeakMemory_OfAClipTenTimesAsLong_IsAboutTheSame()
    {
        var (brief, extended) = (await PeakAsync(40), await PeakAsync(400));
        // The limit of the product is 15 %; a render of 40 frames has not yet seen every buffer at its largest.
        Assert.True(extended < 1.2 * brief, $"40 frames: {brief / 1e6:0} MB, 400 frames: {extended / 1e6:0} MB");
    }

    private async Task<long> PeakAsync(int frames)
    {
        var clip = folder.File($"{frames}.mp4");
        await Clips.FfmpegAsync(
            "-stream_loop", "-1", "-i", Clips.DemoClip, "-frames:v", frames.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "-c:v", "libx264", "-preset", "veryfast", "-an", clip);
        var run = await program.RunAsync(
            "render", "--model", "stand-in", "--portrait", Clips.DemoPortrait, "--driving", clip, "--out", folder.File($"{frames}-out.mp4"),
            "--assume-centred", "--driving-assume-centred", "--steps", "1", "--json");
        run.AssertDone();
        using var report = JsonDocument.Parse(run.Output);
        return report.RootElement.GetProperty("peakMemoryBytes").GetInt64();
    }
}
