using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Pictures;
using HunyuanPortrait.Media.Video;
using HunyuanPortrait.Rendering.Stages;

namespace HunyuanPortrait.Rendering.Sources;

/// <summary>Pictures → video files, as the renderer composes and encodes them.</summary>
public sealed class ClipWriter : IClipWriter
{
    /// <inheritdoc/>
    public async Task WritePartAsync(
        JobSpecification job, ClipSources sources, IAsyncEnumerable<(RgbImage Picture, long Time)> frames, string path, CancellationToken cancellationToken)
    {
        var driving = await new VideoProbe().ProbeAsync(sources.DrivingPath, cancellationToken).ConfigureAwait(false);
        var background = job.Output.PasteBack ? new Background(new PictureReader().Read(sources.PortraitPath), sources.Place) : null;
        var composition = new Composition(background, job.Output.Width);
        VideoWriter? writer = null;
        try
        {
            long first = 0;
            await foreach (var (picture, time) in frames.ConfigureAwait(false))
            {
                var frame = composition.Of(picture);
                if (writer is null)
                    (writer, first) = (VideoWriter.Create(path, new VideoWriterOptions(frame.Width, frame.Height, driving.Timing)), time);
                await writer.WriteAsync(frame, time - first, cancellationToken).ConfigureAwait(false);
            }

            await writer!.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (writer is not null)
                await writer.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task JoinAsync(
        JobSpecification job, ClipSources sources, IReadOnlyList<ClipPart> parts, string path, CancellationToken cancellationToken)
    {
        var driving = await new VideoProbe().ProbeAsync(sources.DrivingPath, cancellationToken).ConfigureAwait(false);
        var first = await new VideoProbe().ProbeAsync(parts[0].Path, cancellationToken).ConfigureAwait(false);
        var options = new VideoWriterOptions(
            first.Width, first.Height, driving.Timing, driving, new VideoRange(job.Clip.Start, job.Clip.Duration));
        await new ClipJoiner().JoinAsync(
            path, [.. parts.Select(part => new VideoPart(part.Path, part.FirstTime))], options, cancellationToken).ConfigureAwait(false);
    }
}
