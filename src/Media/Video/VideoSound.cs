using FFMpegCore;

namespace HunyuanPortrait.Media.Video;

/// <summary>How the source's sound and the container's settings get into an output.</summary>
internal static class VideoSound
{
    private static readonly string[] CopiedCodecs = ["aac", "mp3", "ac3", "eac3", "alac"];

    public static AudioHandling Of(VideoInfo? source, string path) => source?.Audio is not { } track ? AudioHandling.None
        : IsMatroska(path) || CopiedCodecs.Contains(track.Codec) ? AudioHandling.Copied
        : AudioHandling.Transcoded;

    public static void AddInput(FFMpegArguments arguments, VideoWriterOptions options) =>
        arguments.AddFileInput(FfmpegPrograms.FileUrl(options.AudioSource!.Path), verifyExists: false, input => input
            .WithCustomArgument($"-format_whitelist {FfmpegPrograms.Containers} -vn")
            .WithCustomArgument(VideoReader.Of(options.Range ?? VideoRange.Whole)));

    public static void AddOutput(FFMpegOutputOptions output, VideoWriterOptions options, AudioHandling audio) =>
        output.WithCustomArgument($"-map 1:{options.AudioSource!.Audio!.StreamIndex}").WithAudioCodec(audio == AudioHandling.Copied ? "copy" : "aac");

    public static void AddContainer(FFMpegOutputOptions output, VideoWriterOptions options, string path)
    {
        if (!IsMatroska(path))
            output.WithCustomArgument($"-video_track_timescale {options.Timing.TicksPerSecond} -movflags +faststart");
    }

    private static bool IsMatroska(string path) => Path.GetExtension(path).Equals(".mkv", StringComparison.OrdinalIgnoreCase);
}
