using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Drawing;
using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Motions;
using HunyuanPortrait.Drawing.Painting;
using HunyuanPortrait.Drawing.Sheets;
using HunyuanPortrait.Drawing.Streams;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.Pictures;
using HunyuanPortrait.Media.Video;
using HunyuanPortrait.Rendering;
using Microsoft.Win32.SafeHandles;

namespace HunyuanPortrait.Cli.Reporting;

/// <summary>What <c>portrait draw</c> writes as a clip.</summary>
/// <param name="Identity">Number of the person.</param>
/// <param name="MotionSeed">Of the performance.</param>
/// <param name="Frames">Length.</param>
/// <param name="FramesPerSecond">Rate.</param>
internal sealed record DrawnClip(uint Identity, ulong MotionSeed, int Frames, int FramesPerSecond)
{
    /// <summary>Where in the performance the clip begins.</summary>
    public TimeSpan Start { get; init; }

    /// <summary>Where to write the faces; null for nowhere.</summary>
    public string? FacesPath { get; init; }
}

/// <summary>Writes what <c>portrait draw</c> was asked for.</summary>
/// <param name="terminal">Gets one line at the end.</param>
/// <param name="size">Side of a picture.</param>
/// <param name="overwrite">Replaces existing outputs.</param>
internal sealed class DrawRun(ProgramTerminal terminal, int size, bool overwrite)
{
    public void WriteSheet(string path, SamplePlan plan)
    {
        RequireFree(path);
        var block = Enumerable.Range(0, plan.SamplesPerBlock).Select(index => plan.At(0, index)).ToArray();
        var people = block.Select(key => key.Identity).Distinct().Select(Identity.FromNumber).ToArray();
        var motions = block.Take(plan.SamplesPerIdentity).Select(key => key.Motion).ToArray();
        PictureWriter.WritePng(ContactSheet.Draw(people, motions, size), path);
        terminal.Output.WriteLine($"{path}: {people.Length} persons × {motions.Length} motions; persons {string.Join(", ", people.Select(person => person.Number))}");
    }

    public async Task WriteClipAsync(string path, DrawnClip clip, CancellationToken cancellationToken)
    {
        RequireFree(path);
        var person = Identity.FromNumber(clip.Identity);
        var performance = new Performance(clip.MotionSeed);
        var faces = new List<FaceDetection>();
        DrawnPortrait At(int frame)
        {
            var drawn = PortraitPainter.Paint(person, performance.At(clip.Start.TotalSeconds + (double)frame / clip.FramesPerSecond), size);
            faces.Add(drawn.Face);
            return drawn;
        }

        if (Path.HasExtension(path))
            await WriteVideoAsync(path, clip, At, cancellationToken).ConfigureAwait(false);
        else
            WritePictures(path, clip, At, cancellationToken);
        if (clip.FacesPath is { } facesPath)
            FaceTrack.Write(facesPath, size, size, faces);
        terminal.Output.WriteLine($"{path}: {clip.Frames} frames of {size}×{size}");
    }

    public static async Task StreamAsync(SamplePlan plan, int threads, CancellationToken cancellationToken)
    {
        // The console's own stream stays silent when its reader goes away, and the drawing would go on for nobody.
        Stream target = OperatingSystem.IsWindows()
            ? Console.OpenStandardOutput()
            : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        await using (target.ConfigureAwait(false))
        {
            try
            {
                await DrawnStreamWriter.WriteAsync(plan, target, threads, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException failure)
            {
                throw DrawingErrors.StreamNotWritable(failure);
            }
        }
    }

    private async Task WriteVideoAsync(string path, DrawnClip clip, Func<int, DrawnPortrait> frameAt, CancellationToken cancellationToken)
    {
        var rate = new Rational(clip.FramesPerSecond, 1);
        var writer = VideoWriter.Create(path, new VideoWriterOptions(size, size, new VideoTiming(rate, rate, rate, clip.FramesPerSecond)));
        await using (writer.ConfigureAwait(false))
        {
            for (var frame = 0; frame < clip.Frames; frame++)
                await writer.WriteAsync(frameAt(frame).Picture, frame, cancellationToken).ConfigureAwait(false);
            await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static void WritePictures(string folder, DrawnClip clip, Func<int, DrawnPortrait> frameAt, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        for (var frame = 0; frame < clip.Frames; frame++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            PictureWriter.WritePng(frameAt(frame).Picture, Path.Combine(folder, $"{frame:00000}.png"));
        }
    }

    private void RequireFree(string path)
    {
        if (!overwrite && (File.Exists(path) || Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
            throw RenderingErrors.OutputExists(path);
    }
}
