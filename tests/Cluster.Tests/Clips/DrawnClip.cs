using System.Diagnostics;
using System.Globalization;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Motions;
using HunyuanPortrait.Drawing.Painting;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.Pictures;
using HunyuanPortrait.Media.Video;
using HunyuanPortrait.Rendering.Requests;

namespace HunyuanPortrait.Cluster.Tests.Clips;

/// <summary>A drawn portrait and a drawn performance with sound, as files, with the files of their faces.</summary>
internal sealed class DrawnClip : IDisposable
{
    private const int Size = 128;
    private const int Rate = 25;

    private DrawnClip()
    {
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("portrait-clip-").FullName;

    public static async Task<DrawnClip> DrawAsync(int frames, CancellationToken cancellationToken)
    {
        var clip = new DrawnClip();
        var performance = new Performance(5);
        clip.DrawPortrait(performance);
        var (silent, rate) = (clip.File("silent.mp4"), new Rational(Rate, 1));
        var faces = new List<FaceDetection>();
        await using (var writer = VideoWriter.Create(silent, new VideoWriterOptions(Size, Size, new VideoTiming(rate, rate, rate, Rate))))
        {
            for (var frame = 0; frame < frames; frame++)
            {
                var drawn = PortraitPainter.Paint(Identity.FromNumber(21), performance.At((double)frame / Rate), Size);
                faces.Add(drawn.Face);
                await writer.WriteAsync(drawn.Picture, frame, cancellationToken);
            }

            await writer.CompleteAsync(cancellationToken);
        }

        FaceTrack.Write(clip.File("driving.faces.json"), Size, Size, faces);
        var length = ((double)frames / Rate).ToString(CultureInfo.InvariantCulture);
        await FfmpegAsync(cancellationToken, "-i", silent, "-f", "lavfi", "-i", $"sine=frequency=330:duration={length}", "-c:v", "copy", "-c:a", "aac", clip.File("driving.mp4"));
        return clip;
    }

    public string File(string name) => Path.Combine(Folder, name);

    /// <summary>A request for this clip; the output is a file of this folder.</summary>
    public RenderRequest Request(string modelDirectory, int steps, string output) =>
        new(File("portrait.png"), File("driving.mp4"), File(output), modelDirectory)
        {
            Sampling = new SamplingOverrides { Steps = steps },
            Faces = new FaceOptions
            {
                Portrait = FaceSelection.Tracked(FaceTrack.Read(File("portrait.faces.json"))),
                Driving = FaceSelection.Tracked(FaceTrack.Read(File("driving.faces.json"))),
            },
        };

    /// <summary>Time and content of every decoded frame and of all decoded sound.</summary>
    public static Task<string> HashesAsync(string video, CancellationToken cancellationToken) =>
        FfmpegAsync(cancellationToken, "-i", video, "-map", "0", "-f", "framemd5", "-");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void DrawPortrait(Performance performance)
    {
        var drawn = PortraitPainter.Paint(Identity.FromNumber(4), performance.At(1), Size);
        PictureWriter.WritePng(drawn.Picture, File("portrait.png"));
        FaceTrack.Write(File("portrait.faces.json"), Size, Size, [drawn.Face]);
    }

    private static async Task<string> FfmpegAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"ffmpeg ended with {process.ExitCode}: {await error}");
    }
}
