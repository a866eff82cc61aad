using System.Runtime.CompilerServices;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Frames;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Simulation.Clips;

/// <summary>A portrait whose pixels follow from nothing but their place.</summary>
public sealed class SimulatedPortraitSource : IPortraitSource
{
    /// <inheritdoc/>
    public CutPortrait Cut(MediaFile file, FacePlace face, ModelGeometry geometry)
    {
        var crops = new PortraitCrops(
            Pattern.Fill(FloatTensor.Zeros(1, 3, geometry.Height, geometry.Width), 1), Pattern.Fill(FloatTensor.Zeros(1, 3, 4, 4), 2), null);
        return new CutPortrait(crops, new PixelRegion(1, 2, 3, 4));
    }
}

/// <summary>A driving video whose frames follow from nothing but their index; as many as the job says.</summary>
public sealed class SimulatedDrivingSource : IDrivingSource
{
    /// <inheritdoc/>
    public Task<IDrivingReading> OpenAsync(MediaFile file, JobSpecification job, ModelGeometry geometry, CancellationToken cancellationToken) =>
        Task.FromResult<IDrivingReading>(new Reading(job, geometry.MotionCropSize));

    private sealed class Reading(JobSpecification job, int size) : IDrivingReading
    {
        private readonly List<long> times = [];

        public MotionTrack Track => new(times, times.Count, 0, 0);

        public async IAsyncEnumerable<MotionGroup> GroupsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var range in FrameRange.Cut(job.FrameCount, job.Settings.MotionGroupLength))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var frames = Enumerable.Range(range.Start, range.Length).Select(frame => (long)frame * 512).ToArray();
                times.AddRange(frames);
                yield return new MotionGroup(
                    Pattern.Fill(FloatTensor.Zeros(range.Length, 3, size, size), range.Start + 3),
                    Pattern.Fill(FloatTensor.Zeros(range.Length, 3, size, size), range.Start + 11),
                    new MotionIntensity(range.Start % 128, range.Length), frames);
            }

            await Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Values of 8-bit pictures.</summary>
internal static class Pattern
{
    public static FloatTensor Fill(FloatTensor tensor, int seed)
    {
        for (var i = 0; i < tensor.Values.Length; i++)
            tensor.Values[i] = (byte)((uint)(i * 31 + seed * 1009) * 2654435761u >> 24) / 255f;
        return tensor;
    }
}
