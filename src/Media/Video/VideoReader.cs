using System.Globalization;
using System.Runtime.CompilerServices;
using FFMpegCore;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Errors;
using HunyuanPortrait.Media.Video.Nut;

namespace HunyuanPortrait.Media.Video;

/// <summary>
/// Reads frames as a stream: upright, square pixels, 8-bit RGB with BT.709 colours whatever the source has. One frame is in memory at a time;
/// ffmpeg waits while nobody asks for the next. Safe for concurrent use; every call of <see cref="ReadAsync"/> is a reading of its own.
/// </summary>
/// <param name="programs">Where ffmpeg is; on the PATH when null.</param>
public sealed class VideoReader(FfmpegPrograms? programs = null)
{
    private readonly FfmpegPrograms programs = programs ?? new FfmpegPrograms();

    /// <summary>Reads a video, or part of it.</summary>
    /// <param name="video">As <see cref="VideoProbe"/> found it.</param>
    /// <param name="range">Which part; all of it when null.</param>
    /// <param name="cancellationToken">Stops ffmpeg.</param>
    /// <exception cref="Core.Errors.RenderException">HP1001, HP1208, HP1209: ffmpeg is missing, it failed, or there is no frame in the range.</exception>
    public async IAsyncEnumerable<VideoFrame> ReadAsync(
        VideoInfo video, VideoRange? range = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var part = range ?? VideoRange.Whole;
        await using var ffmpeg = FfmpegProcess.Start(programs.Ffmpeg, Arguments(video, part));
        ffmpeg.Input.Close();
        await using var output = new BufferedStream(ffmpeg.Output);
        var nut = new NutReader(output);
        RgbImage? image = null;
        FrameClock? clock = null;
        long index = 0;
        while (await NextAsync(video, nut, image, cancellationToken).ConfigureAwait(false) is { } next)
        {
            image = next.Image;
            clock ??= new FrameClock(video.Timing, nut.TimeBase);
            yield return new VideoFrame(index, clock.Ticks(index, next.Time), image);
            index++;
        }

        await RequireSuccessAsync(ffmpeg, video, cancellationToken).ConfigureAwait(false);
        if (index == 0)
            throw MediaErrors.RangeOutside(video.Path, part.Start, video.Duration);
    }

    private static string Arguments(VideoInfo video, VideoRange range) => FFMpegArguments
        .FromFileInput(FfmpegPrograms.FileUrl(video.Path), verifyExists: false, input => input
            .WithCustomArgument($"-v error -nostdin -format_whitelist {FfmpegPrograms.Containers}")
            .WithCustomArgument(Of(range)))
        .OutputToUrl("pipe:1", output => output
            .WithCustomArgument($"-map 0:{video.StreamIndex} -fps_mode passthrough -enc_time_base -1")
            .WithCustomArgument($"-vf \"{ColourFilters.ToRgb(video)}\"")
            .WithVideoCodec("rawvideo")
            .ForceFormat("nut"))
        .Arguments;

    /// <summary>Input options that choose a part.</summary>
    internal static string Of(VideoRange range)
    {
        var start = range.Start > TimeSpan.Zero ? $"-ss {Seconds(range.Start)} " : "";
        return range.Duration is { } duration ? $"{start}-t {Seconds(duration)}" : start;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture);

    private static async Task<(RgbImage Image, long Time)?> NextAsync(
        VideoInfo video, NutReader nut, RgbImage? buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (buffer is null && !await nut.ReadHeaderAsync(cancellationToken).ConfigureAwait(false))
                return null;
            if (await nut.ReadFrameHeaderAsync(cancellationToken).ConfigureAwait(false) is not { } header)
                return null;
            var image = buffer ?? RgbImage.Black(nut.Width, nut.Height);
            if (header.Length != image.Pixels.Length)
                throw MediaErrors.DecodingFailed(video.Path, $"a frame has {header.Length} bytes instead of {image.Pixels.Length}");
            header.Prefix.CopyTo(image.Pixels);
            await nut.ReadFrameAsync(image.Pixels[header.Prefix.Length..], cancellationToken).ConfigureAwait(false);
            return (image, header.Time);
        }
        catch (EndOfStreamException)
        {
            return null; // ffmpeg went away; its exit code says why
        }
        catch (InvalidDataException e)
        {
            throw MediaErrors.DecodingFailed(video.Path, e.Message);
        }
    }

    private static async Task RequireSuccessAsync(FfmpegProcess ffmpeg, VideoInfo video, CancellationToken cancellationToken)
    {
        var exitCode = await ffmpeg.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
            throw MediaErrors.DecodingFailed(video.Path, ffmpeg.LastWords.Length > 0 ? ffmpeg.LastWords : $"ffmpeg was stopped (exit code {exitCode})");
    }
}
