using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Pictures;
using HunyuanPortrait.Media.Resampling;
using HunyuanPortrait.Media.Video;
using HunyuanPortrait.Rendering.Requests;

namespace HunyuanPortrait.Rendering.Comparison;

/// <summary>A finished render for the eye: portrait, driving frame and result, one beside the other, with the result's sound.</summary>
public static class SideBySideVideo
{
    /// <summary>Writes the video.</summary>
    /// <param name="request">A request that has been rendered without leaving frames out.</param>
    /// <param name="path">Ends in .mp4, .mov or .mkv; replaced.</param>
    /// <param name="cancellationToken">Stops and leaves nothing.</param>
    /// <exception cref="Core.Errors.RenderException">An input cannot be read, or the file cannot be written.</exception>
    public static async Task WriteAsync(RenderRequest request, string path, CancellationToken cancellationToken = default)
    {
        var probe = new VideoProbe();
        var driving = await probe.ProbeAsync(request.DrivingPath, cancellationToken).ConfigureAwait(false);
        var result = await probe.ProbeAsync(request.OutputPath, cancellationToken).ConfigureAwait(false);
        var panels = new Panels(result.Height);
        panels.Draw(0, new PictureReader().Read(request.PortraitPath));
        var reader = new VideoReader();
        var drivers = reader.ReadAsync(driving, request.Clip, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var writer = VideoWriter.Create(path, new VideoWriterOptions(panels.Picture.Width, panels.Picture.Height, result.Timing, result));
        await using (drivers.ConfigureAwait(false))
        await using (writer.ConfigureAwait(false))
        {
            await foreach (var frame in reader.ReadAsync(result, cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                if (await drivers.MoveNextAsync().ConfigureAwait(false))
                    panels.Draw(1, drivers.Current.Image);
                panels.Draw(2, frame.Image);
                await writer.WriteAsync(panels.Picture, frame.Time, cancellationToken).ConfigureAwait(false);
            }

            await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Three squares. A picture that is not square loses what is beside its middle.</summary>
    private sealed class Panels(int side)
    {
        private readonly PillowResizer resizer = new();
        private readonly RgbImage panel = RgbImage.Black(side, side);

        public RgbImage Picture { get; } = RgbImage.Black(3 * side, side);

        public void Draw(int place, RgbImage picture)
        {
            var square = Math.Min(picture.Width, picture.Height);
            var (left, top) = ((picture.Width - square) / 2, (picture.Height - square) / 2);
            resizer.Resize(picture, new PixelRegion(left, top, left + square, top + square), panel, ResampleFilter.Bicubic);
            for (var y = 0; y < side; y++)
                panel.Row(y).CopyTo(Picture.Row(y)[(place * side * RgbImage.Channels)..]);
        }
    }
}
