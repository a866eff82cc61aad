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
public sealed class DrivingSource(IFaceDetector detector) : IDrivingSource
{
    /// <inheritdoc/>
    public async Task<IDrivingReading> OpenAsync(string path, JobSpecification job, ModelGeometry geometry, CancellationToken cancellationToken)
    {
        var video = await new VideoProbe().ProbeAsync(path, cancellationToken).ConfigureAwait(false);
        var tracker = new FaceTracker(detector, FacePlaces.SelectionOf(job.Faces.Driving), job.Faces.Missing);
        return new Reading(new DrivingClip(video, new VideoRange(job.Clip.Start, job.Clip.Duration)), tracker, job.Settings.MotionGroupLength, geometry.MotionCropSize);
    }

    private sealed class Reading(DrivingClip clip, FaceTracker tracker, int groupLength, int cropSize) : IDrivingReading
    {
        private readonly List<long> times = [];

        public MotionTrack Track => new(times, tracker.Counts.Detected, tracker.Counts.Held, tracker.Counts.Dropped);

        public async IAsyncEnumerable<MotionGroup> GroupsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var cropper = await clip.SeekFirstFaceAsync(tracker, cropSize, cancellationToken).ConfigureAwait(false);
            var grouper = new MotionGrouper(tracker, cropper, groupLength);
            await foreach (var frame in clip.FramesAsync(cancellationToken).ConfigureAwait(false))
            {
                if (grouper.Add(frame.Image, frame.Time))
                    times.Add(frame.Time);
                if (grouper.TakeFull() is { } group)
                    yield return group;
            }

            if (grouper.TakeRest() is { } rest)
                yield return rest;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
