using System.Diagnostics;
using System.Text.Json;

namespace HunyuanPortrait.Media.Tests.Video;

/// <summary>A folder of one test's own clips, made by ffmpeg and removed with the test.</summary>
public sealed class Clips : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("media-tests-");

    public string Folder => folder.FullName;

    public static bool Available { get; } = IsInstalled();

    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    /// <summary>Runs ffmpeg; the last argument is a file name in this folder.</summary>
    public string Make(string name, string arguments)
    {
        Assert.SkipUnless(Available, "needs the ffmpeg program");
        var path = PathOf(name);
        var (code, _, error) = Run("ffmpeg", $"-v error -nostdin -y {arguments} \"{path}\"");
        Assert.True(code == 0, error);
        return path;
    }

    /// <summary>A moving test picture with a tone.</summary>
    public string MakeClip(string name = "clip.mp4", string size = "128x96", string rate = "30", double seconds = 1, string video = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p", bool audio = true) =>
        Make(name, audio
            ? $"-f lavfi -i testsrc=size={size}:rate={rate}:duration={seconds} -f lavfi -i sine=frequency=440:duration={seconds} {video} -c:a aac"
            : $"-f lavfi -i testsrc=size={size}:rate={rate}:duration={seconds} {video}");

    /// <summary>One stream's fields, as ffprobe prints them, with the frames counted by decoding.</summary>
    public static JsonElement Probe(string path, string stream = "v:0")
    {
        var (code, output, error) = Run("ffprobe", $"-v error -count_frames -select_streams {stream} -show_streams -of json \"{path}\"");
        Assert.True(code == 0, error);
        var streams = JsonDocument.Parse(output).RootElement.GetProperty("streams");
        Assert.NotEqual(0, streams.GetArrayLength());
        return streams[0];
    }

    public static bool HasAudio(string path) =>
        Run("ffprobe", $"-v error -select_streams a -show_entries stream=index -of csv=p=0 \"{path}\"").Output.Trim().Length > 0;

    /// <summary>Times of all frames, seconds, in showing order.</summary>
    public static double[] Times(string path) =>
        [.. Run("ffprobe", $"-v error -select_streams v:0 -show_entries frame=pts_time -of csv=p=0 \"{path}\"").Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line.Trim().TrimEnd(','), System.Globalization.CultureInfo.InvariantCulture))];

    public static string AudioHash(string path) => Run("ffmpeg", $"-v error -nostdin -i \"{path}\" -map 0:a -c copy -f md5 -").Output.Trim();

    public static (int Code, string Output, string Error) Run(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static bool IsInstalled()
    {
        try
        {
            return Run("ffmpeg", "-version").Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
