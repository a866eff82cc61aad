using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Video;

namespace HunyuanPortrait.Media.Tests.Video;

public sealed class SampleVideoTests : IDisposable
{
    private readonly Clips clips = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => clips.Dispose();

    [Fact]
    public async Task Read_SampleVideo_GivesTheRecordedFrames()
    {
        var info = await new VideoProbe().ProbeAsync(SharedReference.PathOf("assets/driving_video.mp4"), Token);
        Assert.Equal((512, 512, 120L, "30/1", "aac"), (info.Width, info.Height, info.FrameCount, info.Timing.ConstantRate.ToString(), info.Audio!.Codec));
        await foreach (var frame in new VideoReader().ReadAsync(info, cancellationToken: Token))
        {
            if (frame.Index % 12 != 0 || frame.Index > 48)
                continue;
            var recorded = SharedReference.Picture($"golden/preprocess/frames/{frame.Index / 12:000}.png");
            Assert.Equal(0, Differences.Largest(recorded.Pixels.Span, frame.Image.Pixels.Span));
        }
    }

    [Theory]
    [InlineData("90", 96, 128)]
    [InlineData("180", 128, 96)]
    [InlineData("270", 96, 128)]
    public async Task Read_RotatedVideo_IsUpright(string degrees, int width, int height)
    {
        var flat = clips.MakeClip(audio: false);
        var source = clips.Make("turned.mp4", $"-i \"{flat}\" -c copy -metadata:s:v rotate={degrees}");
        var info = await new VideoProbe().ProbeAsync(source, Token);
        Assert.Equal((width, height), (info.Width, info.Height));
        Assert.NotEqual(0, info.Colour.Rotation);
        await foreach (var frame in new VideoReader().ReadAsync(info, cancellationToken: Token))
            Assert.Equal((width, height), (frame.Image.Width, frame.Image.Height));
    }

    [Fact]
    public async Task Read_OblongPixels_BecomeSquare()
    {
        var source = clips.MakeClip(video: "-vf setsar=4/3 -c:v libx264 -pix_fmt yuv420p", audio: false);
        var info = await new VideoProbe().ProbeAsync(source, Token);
        Assert.Equal((171, 96), (info.Width, info.Height));
        await foreach (var frame in new VideoReader().ReadAsync(info, cancellationToken: Token))
            Assert.Equal((171, 96), (frame.Image.Width, frame.Image.Height));
    }

    [Fact]
    public async Task Read_ManyFrames_AllInTheSameMemory()
    {
        var source = clips.MakeClip(size: "320x240", seconds: 10, audio: false);
        var info = await new VideoProbe().ProbeAsync(source, Token);
        var images = new List<RgbImage>();
        await foreach (var frame in new VideoReader().ReadAsync(info, cancellationToken: Token))
            images.Add(frame.Image);
        Assert.Equal(300, images.Count);
        Assert.All(images, image => Assert.Same(images[0], image));
    }
}
