using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace HunyuanPortrait.Cli.Tests.Processes;

/// <summary>Pictures and clips for tests, and what ffprobe says of results.</summary>
internal static class Clips
{
    public static string DemoPortrait { get; } = Path.Combine(AppContext.BaseDirectory, "demo", "portrait.png");

    public static string DemoClip { get; } = Path.Combine(AppContext.BaseDirectory, "demo", "driving.mp4");

    public static async Task<string> FfmpegAsync(params string[] arguments) => await ToolAsync("ffmpeg", ["-y", "-v", "error", .. arguments]);

    /// <summary>The video stream, counted by decoding it.</summary>
    public static async Task<ProbedVideo> ProbeAsync(string path)
    {
        var json = await ToolAsync("ffprobe", ["-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", path]);
        using var document = JsonDocument.Parse(json);
        var streams = document.RootElement.GetProperty("streams").EnumerateArray().ToArray();
        var video = streams.Single(stream => stream.GetProperty("codec_type").GetString() == "video");
        return new ProbedVideo(
            video.GetProperty("codec_name").GetString()!,
            video.GetProperty("pix_fmt").GetString()!,
            int.Parse(video.GetProperty("nb_read_frames").GetString()!, CultureInfo.InvariantCulture),
            video.GetProperty("avg_frame_rate").GetString()!,
            double.Parse(video.GetProperty("duration").GetString()!, CultureInfo.InvariantCulture),
            video.GetProperty("width").GetInt32(),
            video.GetProperty("height").GetInt32(),
            streams.Any(stream => stream.GetProperty("codec_type").GetString() == "audio"));
    }

    /// <summary>MD5 of the decoded frames: equal for equal pictures, whatever the container says.</summary>
    public static Task<string> FrameHashAsync(string path) => ToolAsync("ffmpeg", ["-v", "error", "-i", path, "-map", "0:v", "-f", "md5", "-"]);

    /// <summary>A PNG whose header promises a size and whose data hold next to nothing.</summary>
    public static void WritePngHeader(string path, int width, int height)
    {
        using var file = File.Create(path);
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        Chunk(file, "IHDR", header);
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(new byte[1024]);
        Chunk(file, "IDAT", data.ToArray());
        Chunk(file, "IEND", []);
    }

    private static void Chunk(FileStream file, string type, byte[] data)
    {
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. data];
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(typed);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(typed));
        file.Write(number);
    }

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320u;
        }

        return ~crc;
    }

    private static async Task<string> ToolAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var result = await ProgramUnderTest.FinishAsync(process);
        Assert.True(result.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{result.Error}");
        return result.Output;
    }
}

/// <summary>What ffprobe says of a video stream.</summary>
internal sealed record ProbedVideo(
    string Codec, string PixelFormat, int Frames, string FrameRate, double Seconds, int Width, int Height, bool HasAudio)
{
    public double FramesPerSecond
    {
        get
        {
            var parts = FrameRate.Split('/');
            return double.Parse(parts[0], CultureInfo.InvariantCulture) / double.Parse(parts[1], CultureInfo.InvariantCulture);
        }
    }
}
