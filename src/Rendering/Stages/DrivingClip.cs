using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.Video;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>The used part of a driving video. It is read twice: up to its first face, then from the start.</summary>
internal sealed class DrivingClip(VideoInfo video, VideoRange range)
{
    private readonly VideoReader reader = new();

    /// <summary>The first frame that is read: exact for a constant rate, a guess otherwise.</summary>
    public long FirstFrame => (long)Math.Ceiling(range.Start.TotalSeconds * video.Timing.AverageRate.Value - 1e-3);

    public IAsyncEnumerable<VideoFrame> FramesAsync(CancellationToken cancellationToken) => reader.ReadAsync(video, range, cancellationToken);

    /// <exception cref="Core.Errors.RenderException">HP1303: no frame has a face.</exception>
    public async Task<MotionCropper> SeekFirstFaceAsync(FaceTracker tracker, int cropSize, CancellationToken cancellationToken)
    {
        await foreach (var frame in FramesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (tracker.Seek(frame.Image))
                return new MotionCropper(cropSize, tracker.FirstFace!, frame.Image.Width, frame.Image.Height);
        }

        throw tracker.NoFaceAnywhere();
    }
}
