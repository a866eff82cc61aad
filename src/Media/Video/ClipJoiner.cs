using System.Globalization;
using System.Text;
using FFMpegCore;
using HunyuanPortrait.Media.Errors;

namespace HunyuanPortrait.Media.Video;

/// <summary>A part of a clip, as <see cref="VideoWriter"/> wrote it without sound, its first frame at time 0.</summary>
/// <param name="Path">The file.</param>
/// <param name="FirstTime">When its first frame is shown in the clip, in ticks.</param>
public sealed record VideoPart(string Path, long FirstTime);

/// <summary>
/// Joins parts that were encoded apart into one video, without encoding them again: every part begins with a key frame and refers to nothing outside
/// itself. The source's sound is added as <see cref="VideoWriter"/> adds it.
/// </summary>
/// <param name="programs">Where ffmpeg is; on the PATH when null.</param>
public sealed class ClipJoiner(FfmpegPrograms? programs = null)
{
    private readonly FfmpegPrograms programs = programs ?? new FfmpegPrograms();

    /// <summary>Writes the video. It appears under its name when it is complete.</summary>
    /// <param name="path">Ends in .mp4, .mov or .mkv; an existing file is replaced.</param>
    /// <param name="parts">In order, at least one.</param>
    /// <param name="options">As the parts were written, with the source of the sound.</param>
    /// <param name="cancellationToken">Stops ffmpeg; nothing is left.</param>
    /// <exception cref="Core.Errors.RenderException">HP1001, HP1401–HP1403: ffmpeg is missing or failed, or the file cannot be written.</exception>
    public async Task JoinAsync(string path, IReadOnlyList<VideoPart> parts, VideoWriterOptions options, CancellationToken cancellationToken = default)
    {
        using var file = OutputFile.Create(path);
        var list = file.TemporaryPath + ".parts";
        try
        {
            await File.WriteAllTextAsync(list, ListOf(parts, options.Timing.TicksPerSecond), cancellationToken).ConfigureAwait(false);
            await using var ffmpeg = FfmpegProcess.Start(programs.Ffmpeg, Arguments(list, parts[0].FirstTime, file, options));
            ffmpeg.Input.Close();
            if (await ffmpeg.WaitAsync(cancellationToken).ConfigureAwait(false) != 0)
                throw MediaErrors.EncodingFailed(path, ffmpeg.LastWords);
            file.Publish();
        }
        finally
        {
            File.Delete(list);
        }
    }

    // The last part lasts as long as it lasts; every other one until the next begins.
    private static string ListOf(IReadOnlyList<VideoPart> parts, int ticksPerSecond)
    {
        var list = new StringBuilder("ffconcat version 1.0\n");
        for (var i = 0; i < parts.Count; i++)
        {
            list.Append(CultureInfo.InvariantCulture, $"file '{Path.GetFullPath(parts[i].Path).Replace("'", @"'\''", StringComparison.Ordinal)}'\n");
            if (i + 1 < parts.Count)
                list.Append(CultureInfo.InvariantCulture, $"duration {(double)(parts[i + 1].FirstTime - parts[i].FirstTime) / ticksPerSecond:0.########}\n");
        }

        return list.ToString();
    }

    private static string Arguments(string list, long firstTime, OutputFile file, VideoWriterOptions options)
    {
        var offset = ((double)firstTime / options.Timing.TicksPerSecond).ToString("0.######", CultureInfo.InvariantCulture);
        var arguments = FFMpegArguments.FromFileInput(
            list, verifyExists: false, input => input.WithCustomArgument($"-v error -nostdin -itsoffset {offset} -safe 0").ForceFormat("concat"));
        var audio = VideoSound.Of(options.AudioSource, file.Path);
        if (audio != AudioHandling.None)
            VideoSound.AddInput(arguments, options);
        return arguments.OutputToFile(FfmpegPrograms.FileUrl(file.TemporaryPath), overwrite: true, output =>
        {
            output.WithCustomArgument("-map 0:v:0 -c:v copy -map_metadata -1 -xerror");
            if (audio != AudioHandling.None)
                VideoSound.AddOutput(output, options, audio);
            VideoSound.AddContainer(output, options, file.Path);
        }).Arguments;
    }
}
