using System.Text.Json;
using HunyuanPortrait.Media.Errors;
using HunyuanPortrait.Media.Pictures;

namespace HunyuanPortrait.Media.Video;

/// <summary>Finds out what a video file is, and refuses what cannot be rendered. Safe for concurrent use.</summary>
/// <param name="programs">Where ffprobe is; on the PATH when null.</param>
/// <param name="limits">Least and largest frames; <see cref="PictureLimits.Default"/> when null.</param>
public sealed class VideoProbe(FfmpegPrograms? programs = null, PictureLimits? limits = null)
{
    private readonly FfmpegPrograms programs = programs ?? new FfmpegPrograms();
    private readonly PictureLimits limits = limits ?? PictureLimits.Default;

    /// <summary>Probes a file: its headers, and the time of every packet.</summary>
    /// <exception cref="Core.Errors.RenderException">HP1001, HP1201–HP1207: what is wrong with the file.</exception>
    public async Task<VideoInfo> ProbeAsync(string path, CancellationToken cancellationToken = default)
    {
        RequireReadable(path);
        using var report = await ReportAsync(path, cancellationToken).ConfigureAwait(false);
        if (report.Video is not { } stream)
            throw MediaErrors.NoVideoStream(path, report.Kinds);
        var census = await CountAsync(path, stream, cancellationToken).ConfigureAwait(false);
        var promised = report.Format.Contains("mp4", StringComparison.Ordinal) ? stream.Number("nb_frames") : 0;
        if (promised > census.Packets)
            throw MediaErrors.VideoTruncated(path, promised, census.Packets);
        if (census.Frames == 0)
            throw MediaErrors.NoFrames(path);
        var colour = Colour(stream);
        var (width, height) = Upright(stream, colour);
        RequireSize(path, width, height);
        return new VideoInfo(path, stream.Index, width, height, census.Frames, Duration(stream, census), Timing(stream, census), colour, report.Audio);
    }

    private static void RequireReadable(string path)
    {
        try
        {
            File.OpenRead(path).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw MediaErrors.VideoNotReadable(path, e);
        }
    }

    private async Task<ProbeReport> ReportAsync(string path, CancellationToken cancellationToken)
    {
        await using var probe = Start($"-show_format -show_streams -of json -i \"{FfmpegPrograms.FileUrl(path)}\"");
        using var output = new MemoryStream();
        await probe.Output.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
        if (await probe.WaitAsync(cancellationToken).ConfigureAwait(false) != 0)
            throw MediaErrors.NotAVideo(path, Reason(probe.LastWords, path));
        return new ProbeReport(JsonDocument.Parse(output.ToArray()));
    }

    private async Task<FrameCensus> CountAsync(string path, ProbeStream stream, CancellationToken cancellationToken)
    {
        var census = new FrameCensus(stream.Fraction("time_base"), [stream.Fraction("r_frame_rate"), stream.Fraction("avg_frame_rate")]);
        await using var probe = Start($"-select_streams {stream.Index} -show_entries packet=pts,duration,flags -of csv=p=0 -i \"{FfmpegPrograms.FileUrl(path)}\"");
        using var lines = new StreamReader(probe.Output);
        while (await lines.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            census.Add(line);
        await probe.WaitAsync(cancellationToken).ConfigureAwait(false);
        census.Complete();
        return census;
    }

    private FfmpegProcess Start(string arguments) =>
        FfmpegProcess.Start(programs.Ffprobe, $"-v error -format_whitelist {FfmpegPrograms.Containers} {arguments}");

    /// <summary>ffprobe's words without the path that every line repeats.</summary>
    private static string Reason(string lastWords, string path)
    {
        var url = FfmpegPrograms.FileUrl(path);
        var reason = lastWords.Replace($"{url}: ", "", StringComparison.Ordinal).TrimEnd('.', ';', ' ');
        return reason.Length == 0 ? "the container is not known" : reason;
    }

    private static VideoColour Colour(ProbeStream stream)
    {
        var format = stream.Text("pix_fmt") ?? "unknown";
        var bits = (int)stream.Number("bits_per_raw_sample");
        return new VideoColour(
            format,
            bits > 0 ? bits : BitDepth(format),
            stream.Text("color_range") == "pc" || format.StartsWith("yuvj", StringComparison.Ordinal),
            Known(stream.Text("color_space")),
            Known(stream.Text("color_transfer")),
            Known(stream.Text("color_primaries")),
            stream.Fraction("sample_aspect_ratio"),
            stream.Rotation);
    }

    private static int BitDepth(string pixelFormat) =>
        pixelFormat.Contains("10", StringComparison.Ordinal) ? 10 : pixelFormat.Contains("12", StringComparison.Ordinal) ? 12 : 8;

    private static string? Known(string? name) => name is null or "unknown" or "reserved" ? null : name;

    private static (int Width, int Height) Upright(ProbeStream stream, VideoColour colour)
    {
        var (width, height) = ((int)stream.Number("width"), (int)stream.Number("height"));
        if (ColourFilters.HasOblongPixels(colour))
            width = (int)Math.Round(width * colour.SampleAspect.Value);
        return colour.Rotation % 180 == 0 ? (width, height) : (height, width);
    }

    private void RequireSize(string path, int width, int height)
    {
        if (width < limits.MinimumSide || height < limits.MinimumSide)
            throw MediaErrors.FramesTooSmall(path, width, height, limits.MinimumSide);
        if ((long)width * height > limits.MaximumPixels)
            throw MediaErrors.FramesTooLarge(path, width, height, limits.MaximumPixels);
    }

    private static TimeSpan Duration(ProbeStream stream, FrameCensus census) => census.HasTimes
        ? census.Duration
        : TimeSpan.FromSeconds(stream.Number("duration_ts") * stream.Fraction("time_base").Value);

    private static VideoTiming Timing(ProbeStream stream, FrameCensus census)
    {
        var nominal = stream.Fraction("r_frame_rate");
        var average = stream.Fraction("avg_frame_rate");
        var constant = census.ConstantRate ?? (!census.HasTimes && nominal == average && nominal.IsPositive ? nominal : null);
        return new VideoTiming(constant, average, nominal, FrameClock.TicksPerSecond(constant, stream.Fraction("time_base")));
    }
}
