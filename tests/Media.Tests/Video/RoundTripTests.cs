using System.Text.Json;
using HunyuanPortrait.Media.Video;

namespace HunyuanPortrait.Media.Tests.Video;

/// <summary>Reading every frame of a clip and writing it again must keep count, times, size and sound.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly Clips clips = new();

    public void Dispose() => clips.Dispose();

    [Theory]
    [InlineData("30", "128x96")]
    [InlineData("30000/1001", "128x96")]
    [InlineData("24000/1001", "98x130")]
    [InlineData("25", "101x77")]
    [InlineData("60", "64x64")]
    public async Task Copy_ConstantRate_KeepsRateCountDurationAndSound(string rate, string size)
    {
        var source = clips.MakeClip(size: size, rate: rate, seconds: 2, video: "-c:v libx264 -preset ultrafast -pix_fmt yuv444p");
        var (info, output, _) = await CopyAsync(source);
        Assert.Equal(rate.Contains('/') ? rate : rate + "/1", info.Timing.ConstantRate.ToString());
        var (before, after) = (Clips.Probe(source), Clips.Probe(output));
        Assert.Equal(Field(before, "nb_read_frames"), Field(after, "nb_read_frames"));
        Assert.Equal(info.FrameCount.ToString(), Field(after, "nb_read_frames"));
        Assert.Equal(info.Timing.ConstantRate.ToString(), Field(after, "avg_frame_rate"));
        Assert.Equal(info.Timing.ConstantRate.ToString(), Field(after, "r_frame_rate"));
        Assert.InRange(Math.Abs(Seconds(before) - Seconds(after)), 0, 1 / info.Timing.ConstantRate!.Value.Value);
        Assert.Equal(Clips.AudioHash(source), Clips.AudioHash(output));
        Assert.Equal(("h264", "yuv420p"), (Field(after, "codec_name"), Field(after, "pix_fmt")));
        Assert.Equal(("bt709", "bt709", "bt709", "tv"), (Field(after, "color_space"), Field(after, "color_transfer"), Field(after, "color_primaries"), Field(after, "color_range")));
        Assert.InRange(int.Parse(Field(after, "level")), 10, 42);
    }

    [Theory, InlineData("mkv", "libx264"), InlineData("webm", "libvpx-vp9 -deadline realtime")]
    public async Task Copy_TimesRoundedToMilliseconds_GetsTheExactRateBack(string ending, string codec)
    {
        var source = clips.MakeClip($"clip.{ending}", rate: "30000/1001", seconds: 3, video: $"-c:v {codec} -pix_fmt yuv420p", audio: false);
        var (info, output, _) = await CopyAsync(source);
        Assert.Equal(new Rational(30000, 1001), info.Timing.ConstantRate);
        Assert.Equal("30000/1001", Field(Clips.Probe(output), "avg_frame_rate"));
    }

    [Fact]
    public async Task Copy_VariableRate_KeepsEveryFramesTime()
    {
        // Frames 20-39 twice as long, and every seventh missing.
        var source = clips.Make("vfr.mp4", "-f lavfi -i testsrc=size=96x64:rate=30:duration=2 -f lavfi -i sine=duration=2.6 "
            + "-vf \"select='mod(n,7)',settb=1/90000,setpts='PTS+gte(N,20)*(min(N,40)-20)*3000'\" -fps_mode passthrough -enc_time_base 1/90000 -c:v libx264 -bf 2 -pix_fmt yuv420p -c:a aac");
        var (info, output, _) = await CopyAsync(source);
        Assert.Null(info.Timing.ConstantRate);
        var (before, after) = (Clips.Times(source), Clips.Times(output));
        Assert.Equal(info.FrameCount, before.Length);
        Assert.Equal(before.Length, after.Length);
        Assert.All(before.Zip(after), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-5));
        Assert.True(before.Zip(before.Skip(1), (a, b) => Math.Round(b - a, 3)).Distinct().Count() >= 3);
        Assert.Equal(Clips.AudioHash(source), Clips.AudioHash(output));
    }

    [Fact]
    public async Task Copy_PartOfAClip_TrimsPictureAndSoundAlike()
    {
        var source = clips.MakeClip(seconds: 4);
        var (_, output, _) = await CopyAsync(source, new VideoRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5)));
        var (picture, sound) = (Clips.Probe(output), Clips.Probe(output, "a:0"));
        Assert.Equal("45", Field(picture, "nb_read_frames"));
        Assert.InRange(Seconds(picture), 1.49, 1.51);
        // Sound is copied in packets of 1024 samples.
        Assert.InRange(Seconds(sound), 1.45, 1.56);
        Assert.InRange(double.Parse(Field(sound, "start_time")), 0, 0.03);
    }

    [Fact]
    public async Task Copy_PictureThatStartsAfterTheSound_KeepsTheDelay()
    {
        var source = clips.Make("late.mp4", "-itsoffset 0.5 -f lavfi -i testsrc=size=96x64:rate=25:duration=1 -f lavfi -i sine=duration=2 -map 0 -map 1 -c:v libx264 -pix_fmt yuv420p -c:a aac");
        var (_, output, _) = await CopyAsync(source);
        Assert.Equal(Clips.Times(source)[0], Clips.Times(output)[0], 1e-3);
        Assert.Equal(Clips.Times(source)[^1], Clips.Times(output)[^1], 1e-3);
    }

    [Fact]
    public async Task Copy_NoSound_WritesNone()
    {
        var (info, output, handling) = await CopyAsync(clips.MakeClip(audio: false));
        Assert.Null(info.Audio);
        Assert.Equal(AudioHandling.None, handling);
        Assert.False(Clips.HasAudio(output));
    }

    [Fact]
    public async Task Copy_SoundThatMp4CannotHold_IsTranscodedAndSaidSo()
    {
        var source = clips.Make("pcm.mov", "-f lavfi -i testsrc=size=96x64:rate=25:duration=1 -f lavfi -i sine=duration=1 -c:v libx264 -pix_fmt yuv420p -c:a pcm_s16le");
        var (info, output, handling) = await CopyAsync(source);
        Assert.Equal("pcm_s16le", info.Audio!.Codec);
        Assert.Equal(AudioHandling.Transcoded, handling);
        Assert.Equal("aac", Field(Clips.Probe(output, "a:0"), "codec_name"));
    }

    [Fact]
    public async Task Copy_Mp4_StartsWithItsIndex()
    {
        var (_, output, _) = await CopyAsync(clips.MakeClip());
        var bytes = await File.ReadAllBytesAsync(output, TestContext.Current.CancellationToken);
        Assert.InRange(bytes.AsSpan().IndexOf("moov"u8), 0, bytes.AsSpan().IndexOf("mdat"u8));
    }

    private async Task<(VideoInfo Info, string Output, AudioHandling Audio)> CopyAsync(string source, VideoRange? range = null)
    {
        var token = TestContext.Current.CancellationToken;
        var info = await new VideoProbe().ProbeAsync(source, token);
        var output = clips.PathOf("output.mp4");
        await using var writer = VideoWriter.Create(output, new VideoWriterOptions(info.Width, info.Height, info.Timing, info, range));
        await foreach (var frame in new VideoReader().ReadAsync(info, range, token))
        {
            Assert.Equal((info.Width, info.Height), (frame.Image.Width, frame.Image.Height));
            await writer.WriteAsync(frame.Image, frame.Time, token);
        }

        await writer.CompleteAsync(token);
        Assert.Equal(2, Directory.GetFiles(clips.Folder).Length);
        return (info, output, writer.Audio);
    }

    private static string Field(JsonElement stream, string name) => stream.GetProperty(name).ToString();

    private static double Seconds(JsonElement stream) => double.Parse(Field(stream, "duration"), System.Globalization.CultureInfo.InvariantCulture);
}
