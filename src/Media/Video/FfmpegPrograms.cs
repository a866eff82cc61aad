namespace HunyuanPortrait.Media.Video;

/// <summary>Where the ffmpeg and ffprobe programs are.</summary>
/// <param name="folder">Their folder; empty: the PATH.</param>
public sealed class FfmpegPrograms(string folder = "")
{
    /// <summary>
    /// Containers that are accepted as input. Playlists and the like are not: they could make ffmpeg read other files or the network.
    /// </summary>
    internal const string Containers =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,gif,apng,nut,ogg,asf,mxf,ivf,dv,h264,hevc,yuv4mpegpipe,mp3,wav,flac,aac";

    internal string Ffmpeg { get; } = Path.Combine(folder, "ffmpeg");

    internal string Ffprobe { get; } = Path.Combine(folder, "ffprobe");

    /// <summary>A file as an ffmpeg input or output: never taken for a protocol, an option or the end of a quoted argument.</summary>
    internal static string FileUrl(string path) => "file:" + Path.GetFullPath(path).Replace("\"", "\\\"", StringComparison.Ordinal);
}
