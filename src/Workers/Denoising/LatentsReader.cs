using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Workers.Artifacts;

namespace HunyuanPortrait.Workers.Denoising;

/// <summary>Reads blended latents for tasks, and notes it before it does: nobody may read what is not complete.</summary>
/// <param name="store">Where they are.</param>
/// <param name="history">Takes notes.</param>
internal sealed class LatentsReader(IArtifactStore store, IClusterHistory history)
{
    /// <summary>Reads the latents of some segments after a step.</summary>
    /// <exception cref="Core.Errors.RenderException">HP5202, HP5203: a segment's latents are missing or damaged.</exception>
    public async Task<StoredLatents> ReadAsync(
        TaskAssignment assignment, SegmentPlan plan, IEnumerable<int> segments, int step, CancellationToken cancellationToken)
    {
        var read = await Task.WhenAll(segments.Select(async segment =>
            (segment, await ReadAsync(assignment, plan, new SegmentLatents(segment, step), cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
        return new StoredLatents(plan, read.ToDictionary(pair => pair.segment, pair => pair.Item2));
    }

    private async Task<FloatTensor> ReadAsync(TaskAssignment assignment, SegmentPlan plan, SegmentLatents place, CancellationToken cancellationToken)
    {
        var key = ArtifactKeys.Latents(assignment.Job, place.Segment, place.Step);
        history.Note(new HistoryEntry(
            HistoryKind.Read, assignment.Job, TaskId.Denoise(place.Step, place.Segment), assignment.Epoch.Value, $"worker of {assignment.Task}"));
        var tensor = TensorArtifact.Read(key, await store.ReadAllAsync(key, cancellationToken).ConfigureAwait(false))[0];
        var length = plan.FramesOf(place.Segment).Length;
        return tensor.Shape.Rank == 2 && tensor.Shape[0] == length
            ? tensor
            : throw ExecutionErrors.DamagedArtifact(key.Value, $"it holds {tensor.Shape} instead of {length} frames");
    }
}
