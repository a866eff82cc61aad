using System.Runtime.CompilerServices;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Media.Video;
using HunyuanPortrait.Rendering.Stages;

namespace HunyuanPortrait.Rendering.Sources;

/// <summary>Driving files → motion groups, as the renderer cuts them.</summary>
/// <param name="detector">Finds faces.</param>
/// <param name="framesRead">Told the number of frames that a reading has read so far, on the reading thread; null for nobody.</param>
public sealed class DrivingSource(IFaceDetector detector, IProgress<int>? framesRead = null) : IDrivingSource
{
    /// <inheritdoc/>
    public async Task<IDrivingReading> OpenAsync(MediaFile file, JobSpecification job, ModelGeometry geometry, CancellationToken cancellationToken)
    {
        var video = await new VideoProbe().ProbeAsync(file.Path, cancellationToken).ConfigureAwait(false);
        var clip = new DrivingClip(video, new VideoRange(job.Clip.Start, job.Clip.Duration));
        var tracker = new FaceTracker(detector, FacePlaces.SelectionOf(job.Faces.Driving, file.TrackPath).StartingAt(clip.FirstFrame), job.Faces.Missing);
        return new Reading(clip, tracker, (job.Settings.MotionGroupLength, geometry.MotionCropSize), framesRead);
    }

    private sealed class Reading(DrivingClip clip, FaceTracker tracker, (int GroupLength, int CropSize) sizes, IProgress<int>? framesRead) : IDrivingReading
    {
        private readonly List<long> times = [];

        public MotionTrack Track => new(times, tracker.Counts.Detected, tracker.Counts.Held, tracker.Counts.Dropped);

        public async IAsyncEnumerable<MotionGroup> GroupsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var cropper = await clip.SeekFirstFaceAsync(tracker, sizes.CropSize, cancellationToken).ConfigureAwait(false);
            var grouper = new MotionGrouper(tracker, cropper, sizes.GroupLength);
            await foreach (var frame in clip.FramesAsync(cancellationToken).ConfigureAwait(false))
            {
                if (grouper.Add(frame.Image, frame.Time))
                    times.Add(frame.Time);
                framesRead?.Report((int)frame.Index + 1);
                if (grouper.TakeFull() is { } group)
                    yield return group;
            }

            if (grouper.TakeRest() is { } rest)
                yield return rest;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
