using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Windows;
using HunyuanPortrait.Media.Video;
using HunyuanPortrait.Rendering.Sources;

namespace HunyuanPortrait.Rendering.Tests.Sources;

/// <summary>A clip that is encoded in parts is one clip.</summary>
public sealed class ClipWriterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("portrait-parts-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, InlineData(".mp4"), InlineData(".mkv")]
    public async Task Join_ThreeParts_KeepsEveryFrameAndItsTime(string container)
    {
        var driving = await WriteDrivingAsync(20);
        var job = Job(container, width: null);
        var joined = await JoinAsync(job, driving, [0, 8, 15], 20);
        var (expected, actual) = (await TimesAsync(driving), await TimesAsync(joined));
        Assert.Equal(expected.Select(frame => frame.Seconds), actual.Select(frame => frame.Seconds));
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second.Brightness - pair.First.Brightness, -6, 6));
    }

    [Fact]
    public async Task WritePart_WithAWidth_ScalesThePictures()
    {
        var driving = await WriteDrivingAsync(4);
        var joined = await JoinAsync(Job(".mp4", width: 48), driving, [0], 4);
        var video = await new VideoProbe().ProbeAsync(joined, Token);
        Assert.Equal((48, 48, 4), (video.Width, video.Height, video.FrameCount));
    }

    private static JobSpecification Job(string container, int? width)
    {
        var asset = new AssetReference("assets/a", "00", "a");
        var settings = new Core.Models.RenderDefaults(
            1, 1, new WindowSettings(4, 1, 1), new(2, 2, 2, 2), 0, 25, 8, new Core.Models.MicroConditioning(12.5f, 0, 0), 7);
        return new JobSpecification(
            "model", asset, asset, 20, settings, FaceSettings.Default, ClipRange.Whole, new OutputSettings(container, false, 8, width));
    }

    private async Task<string> JoinAsync(JobSpecification job, string driving, int[] starts, int frames)
    {
        var (writer, sources) = (new ClipWriter(), new ClipSources(driving, driving, new PixelRegion(0, 0, 1, 1)));
        var ticks = (await new VideoProbe().ProbeAsync(driving, Token)).Timing.TicksPerSecond / 25;
        var parts = new List<ClipPart>();
        for (var part = 0; part < starts.Length; part++)
        {
            var end = part + 1 < starts.Length ? starts[part + 1] : frames;
            var path = Path.Combine(folder, $"part-{part}.mp4");
            await writer.WritePartAsync(job, sources, Frames(starts[part], end, ticks), path, Token);
            parts.Add(new ClipPart(path, (long)starts[part] * ticks));
        }

        var joined = Path.Combine(folder, "joined" + job.Output.Container);
        await writer.JoinAsync(job, sources, parts, joined, Token);
        return joined;
    }

    private static async IAsyncEnumerable<(RgbImage Picture, long Time)> Frames(int start, int end, long ticks)
    {
        await Task.Yield();
        for (var frame = start; frame < end; frame++)
            yield return (Grey(frame), frame * ticks);
    }

    private static RgbImage Grey(int frame)
    {
        var picture = RgbImage.Black(64, 64);
        picture.Pixels.Span.Fill((byte)(20 + 10 * frame));
        return picture;
    }

    private async Task<string> WriteDrivingAsync(int frames)
    {
        var (path, rate) = (Path.Combine(folder, "driving.mp4"), new Rational(25, 1));
        await using var writer = VideoWriter.Create(path, new VideoWriterOptions(64, 64, new VideoTiming(rate, rate, rate, 25)));
        for (var frame = 0; frame < frames; frame++)
            await writer.WriteAsync(Grey(frame), frame, Token);
        await writer.CompleteAsync(Token);
        return path;
    }

    private static async Task<List<(double Seconds, int Brightness)>> TimesAsync(string path)
    {
        var video = await new VideoProbe().ProbeAsync(path, Token);
        var frames = new List<(double, int)>();
        await foreach (var frame in new VideoReader().ReadAsync(video, cancellationToken: Token))
            frames.Add((Math.Round((double)frame.Time / video.Timing.TicksPerSecond, 3), frame.Image.Pixels.Span[0]));
        return frames;
    }
}
