using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Video;

namespace HunyuanPortrait.Media.Tests.Video;

/// <summary>Known colours, stored in many ways, must come back as the same RGB.</summary>
public sealed class ColourTests : IDisposable
{
    private static readonly (int X, int Y, string Name, int[] Rgb)[] Patches =
        [(0, 0, "grey", [128, 128, 128]), (1, 0, "skin", [200, 150, 120]), (0, 1, "red", [180, 40, 40]), (1, 1, "blue", [50, 60, 170])];

    private readonly Clips clips = new();

    public void Dispose() => clips.Dispose();

    [Theory]
    [InlineData("bt709", "tv", "yuv420p")]
    [InlineData("bt709", "pc", "yuvj420p")]
    [InlineData("smpte170m", "tv", "yuv420p")]
    [InlineData("bt470bg", "tv", "yuv444p")]
    [InlineData("bt709", "tv", "yuv420p10le")]
    public async Task Read_TaggedSource_HasNoCast(string matrix, string range, string format)
    {
        var conversion = matrix == "bt470bg" ? "smpte170m" : matrix;
        var source = Make($"scale=out_color_matrix={conversion}:out_range={range}:flags=accurate_rnd+full_chroma_int,format={format}",
            $"-c:v libx264 -crf 5 -colorspace {matrix} -color_range {range} -color_primaries bt709 -color_trc bt709");
        AssertColours(await FirstFrameAsync(source), 4);
    }

    [Fact]
    public async Task Read_UntaggedSmallSource_IsTakenAsBt601()
    {
        var source = Make("scale=out_color_matrix=smpte170m:out_range=tv:flags=accurate_rnd+full_chroma_int,format=yuv420p", "-c:v libx264 -crf 5");
        AssertColours(await FirstFrameAsync(source), 4);
    }

    [Fact]
    public async Task Read_UntaggedHighDefinitionSource_IsTakenAsBt709()
    {
        var source = Make("scale=w=1280:h=720:flags=neighbor,scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int,format=yuv420p", "-c:v libx264 -crf 5");
        AssertColours(await FirstFrameAsync(source), 4);
    }

    [Theory]
    [InlineData("smpte2084")]
    [InlineData("arib-std-b67")]
    public async Task Read_HighDynamicRangeSource_IsToneMappedWithoutCast(string transfer)
    {
        // The patches are put where BT.2408 puts standard dynamic range: white at 203 cd/m².
        var source = Make($"format=gbrp,zscale=pin=709:tin=709:min=gbr:rin=pc:p=709:t=linear:npl=203,format=gbrpf32le,zscale=pin=709:tin=linear:min=gbr:p=2020:t={transfer}:m=2020_ncl:r=tv:npl=203,format=yuv420p10le",
            $"-c:v libx265 -x265-params log-level=none:crf=5 -pix_fmt yuv420p10le -colorspace bt2020nc -color_primaries bt2020 -color_trc {transfer} -color_range tv");
        var info = await new VideoProbe().ProbeAsync(source, TestContext.Current.CancellationToken);
        Assert.True(info.Colour.IsHighDynamicRange);
        Assert.Equal(10, info.Colour.BitDepth);
        AssertColours(await FirstFrameAsync(source), 14);
    }

    [Fact]
    public async Task Read_WideGamutSource_IsConvertedToBt709()
    {
        var source = Make("format=gbrp,zscale=pin=709:tin=709:min=gbr:rin=pc:p=2020:t=709:m=2020_ncl:r=tv,format=yuv420p10le",
            "-c:v libx265 -x265-params log-level=none:crf=5 -colorspace bt2020nc -color_primaries bt2020 -color_trc bt2020-10 -color_range tv");
        AssertColours(await FirstFrameAsync(source), 5);
    }

    [Fact]
    public async Task Write_KnownColours_ReadBackAlike()
    {
        var token = TestContext.Current.CancellationToken;
        var timing = new VideoTiming(new Rational(25, 1), new Rational(25, 1), new Rational(25, 1), 12800);
        var picture = RgbImage.Black(97, 65);
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
                Patches[(y > 32 ? 2 : 0) + (x > 48 ? 1 : 0)].Rgb.Select(value => (byte)value).ToArray().CopyTo(picture.Row(y)[(3 * x)..]);
        }

        var path = clips.PathOf("colours.mp4");
        await using (var writer = VideoWriter.Create(path, new VideoWriterOptions(97, 65, timing)))
        {
            for (var i = 0; i < 5; i++)
                await writer.WriteAsync(picture, i * 512, token);
            await writer.CompleteAsync(token);
        }

        var image = await FirstFrameAsync(path);
        Assert.Equal((98, 66), (image.Width, image.Height));
        AssertColours(image, 4);
        // The added column continues the last one: no dark edge.
        Assert.InRange(Math.Abs(image.Row(10)[97 * 3] - image.Row(10)[90 * 3]), 0, 6);
    }

    private string Make(string filter, string encoder)
    {
        var colours = Patches.Select(patch => $"-f lavfi -i color=0x{patch.Rgb[0]:X2}{patch.Rgb[1]:X2}{patch.Rgb[2]:X2}:size=64x64:rate=25:duration=0.4,format=gbrp");
        return clips.Make("colours.mp4", $"{string.Join(' ', colours)} -filter_complex \"[0][1]hstack[a];[2][3]hstack[b];[a][b]vstack,{filter}\" {encoder}");
    }

    private static async Task<RgbImage> FirstFrameAsync(string path)
    {
        var token = TestContext.Current.CancellationToken;
        var info = await new VideoProbe().ProbeAsync(path, token);
        await foreach (var frame in new VideoReader().ReadAsync(info, cancellationToken: token))
            return frame.Image;
        throw new InvalidOperationException("no frame");
    }

    private static void AssertColours(RgbImage image, int tolerance)
    {
        foreach (var (x, y, name, rgb) in Patches)
        {
            var pixel = image.Row(image.Height / 4 + y * image.Height / 2).Slice(3 * (image.Width / 4 + x * image.Width / 2), 3).ToArray();
            for (var channel = 0; channel < 3; channel++)
                Assert.True(Math.Abs(pixel[channel] - rgb[channel]) <= tolerance, $"{name}: expected {string.Join(',', rgb)}, got {string.Join(',', pixel)}");
        }
    }
}
