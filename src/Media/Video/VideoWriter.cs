using System.Globalization;
using FFMpegCore;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Errors;
using HunyuanPortrait.Media.Video.Nut;

namespace HunyuanPortrait.Media.Video;

/// <summary>What became of the sound.</summary>
public enum AudioHandling
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Copied bit by bit.</summary>
    Copied,

    /// <summary>The output's container cannot hold the source's codec: encoded as AAC.</summary>
    Transcoded,
}

/// <summary>What to write.</summary>
/// <param name="Width">Pixels; an odd width is widened by one column.</param>
/// <param name="Height">Pixels; an odd height is heightened by one row.</param>
/// <param name="Timing">Of the source, whose frame times are given to <see cref="VideoWriter.WriteAsync"/>.</param>
/// <param name="AudioSource">The video to take sound from; silent when null or when it has none.</param>
/// <param name="Range">The part of <paramref name="AudioSource"/> that was read; all of it when null.</param>
/// <param name="ConstantRateFactor">x264's quality, 0 (lossless) to 51.</param>
public sealed record VideoWriterOptions(
    int Width, int Height, VideoTiming Timing, VideoInfo? AudioSource = null, VideoRange? Range = null, int ConstantRateFactor = 17);

/// <summary>
/// Writes frames as H.264 (4:2:0, BT.709) with their own times, and the source's sound. The file appears under its name only after
/// <see cref="CompleteAsync"/>; disposed before that, it leaves nothing. Waits when the encoder is slower. Not safe for concurrent use.
/// </summary>
public sealed class VideoWriter : IAsyncDisposable
{
    private static readonly string[] Endings = [".mp4", ".mov", ".mkv"];
    private readonly FfmpegPrograms programs;
    private readonly VideoWriterOptions options;
    private readonly OutputFile file;
    private FfmpegProcess? ffmpeg;
    private NutWriter? nut;
    private long lastTime = -1;

    private VideoWriter(FfmpegPrograms programs, VideoWriterOptions options, OutputFile file)
    {
        (this.programs, this.options, this.file) = (programs, options, file);
        Audio = VideoSound.Of(options.AudioSource, file.Path);
    }

    /// <summary>What becomes of the sound.</summary>
    public AudioHandling Audio { get; }

    /// <summary>Frames written so far.</summary>
    public long FrameCount { get; private set; }

    /// <summary>Prepares a file. Nothing appears under its name yet, but that it can be written is known.</summary>
    /// <param name="path">Ends in .mp4, .mov or .mkv; an existing file is replaced at the end.</param>
    /// <param name="options">What to write.</param>
    /// <param name="programs">Where ffmpeg is; on the PATH when null.</param>
    /// <exception cref="Core.Errors.RenderException">HP1401, HP1404: the file cannot be written.</exception>
    public static VideoWriter Create(string path, VideoWriterOptions options, FfmpegPrograms? programs = null) =>
        Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
            ? new VideoWriter(programs ?? new FfmpegPrograms(), options, OutputFile.Create(path))
            : throw MediaErrors.OutputFormat(path);

    /// <summary>Writes one frame.</summary>
    /// <param name="image">Of the stated size; free again afterwards.</param>
    /// <param name="time">When it is shown, in ticks of the timing; greater than the frame's before.</param>
    /// <param name="cancellationToken">Stops waiting; dispose the writer then.</param>
    /// <exception cref="Core.Errors.RenderException">HP1001, HP1402, HP1403: ffmpeg is missing or failed.</exception>
    public async Task WriteAsync(RgbImage image, long time, CancellationToken cancellationToken = default)
    {
        if (image.Width != options.Width || image.Height != options.Height)
            throw new ArgumentException($"Frames are {options.Width}×{options.Height}, this one is {image.Width}×{image.Height}.", nameof(image));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, lastTime);
        try
        {
            if (nut is null)
                await StartAsync(time, cancellationToken).ConfigureAwait(false);
            await nut!.WriteFrameAsync(image, time, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            throw await FailureAsync(cancellationToken).ConfigureAwait(false);
        }

        lastTime = time;
        FrameCount++;
    }

    /// <summary>Finishes the file and gives it its name.</summary>
    /// <exception cref="InvalidOperationException">No frame was written.</exception>
    /// <exception cref="Core.Errors.RenderException">HP1401–HP1403: the file could not be finished.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (ffmpeg is null)
            throw new InvalidOperationException("A video needs at least one frame.");
        CloseInput();

        // ffmpeg 5 exits with 0 when only the end of a file could not be written, but never silently.
        if (await ffmpeg.WaitAsync(cancellationToken).ConfigureAwait(false) != 0 || IsFatal(ffmpeg.LastWords))
            throw await FailureAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            file.Publish();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw MediaErrors.OutputNotWritable(file.Path, e);
        }
    }

    /// <summary>Stops the encoder if it still runs, and removes what is not complete.</summary>
    public async ValueTask DisposeAsync()
    {
        if (ffmpeg is not null)
            await ffmpeg.DisposeAsync().ConfigureAwait(false);
        file.Dispose();
    }

    private async Task StartAsync(long firstTime, CancellationToken cancellationToken)
    {
        ffmpeg = FfmpegProcess.Start(programs.Ffmpeg, Arguments(firstTime));
        nut = new NutWriter(ffmpeg.Input);
        await nut.WriteHeaderAsync(options.Width, options.Height, options.Timing.TicksPerSecond, cancellationToken).ConfigureAwait(false);
    }

    private string Arguments(long firstTime)
    {
        // ffmpeg moves every input to time 0; the picture's own beginning, in relation to the sound's, has to be said.
        var offset = ((double)firstTime / options.Timing.TicksPerSecond).ToString("0.######", CultureInfo.InvariantCulture);
        var arguments = FFMpegArguments.FromFileInput(
            "pipe:0", verifyExists: false, input => input.WithCustomArgument($"-v error -itsoffset {offset}").ForceFormat("nut"));
        if (Audio != AudioHandling.None)
            VideoSound.AddInput(arguments, options);
        return arguments.OutputToFile(FfmpegPrograms.FileUrl(file.TemporaryPath), overwrite: true, AddOutput).Arguments;
    }

    private void AddOutput(FFMpegOutputOptions output)
    {
        var ticks = options.Timing.TicksPerSecond;
        output.WithCustomArgument("-map 0:v:0")
            .WithCustomArgument($"-vf \"{ColourFilters.FromRgb(options.Width, options.Height)}\"")
            .WithVideoCodec("libx264")
            .WithConstantRateFactor(options.ConstantRateFactor)
            .WithCustomArgument("-color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709")
            .WithCustomArgument($"-fps_mode passthrough -enc_time_base 1/{ticks}")
            .WithCustomArgument("-map_metadata -1 -xerror");
        if (Audio != AudioHandling.None)
            VideoSound.AddOutput(output, options, Audio);
        VideoSound.AddContainer(output, options, file.Path);
    }

    private static bool IsFatal(string words) => words.Contains("No space left", StringComparison.Ordinal)
        || words.Contains("Error writing", StringComparison.Ordinal) || words.Contains("Error closing", StringComparison.Ordinal);

    private void CloseInput()
    {
        try
        {
            ffmpeg!.Input.Close();
        }
        catch (IOException)
        {
            // The pipe is broken because ffmpeg ended first: its exit code tells more.
        }
    }

    private async Task<Exception> FailureAsync(CancellationToken cancellationToken)
    {
        CloseInput();
        var exitCode = await ffmpeg!.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (ffmpeg.LastWords.Contains("No space left", StringComparison.Ordinal))
            return MediaErrors.DiskFull(file.Path);
        return MediaErrors.EncodingFailed(file.Path, ffmpeg.LastWords.Length > 0 ? ffmpeg.LastWords : $"ffmpeg was stopped (exit code {exitCode})");
    }
}
