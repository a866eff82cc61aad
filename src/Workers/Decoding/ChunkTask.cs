using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Workers.Artifacts;
using HunyuanPortrait.Workers.Caches;
using HunyuanPortrait.Workers.Denoising;

namespace HunyuanPortrait.Workers.Decoding;

/// <summary>Final latents of one chunk → pictures.</summary>
internal sealed class ChunkTask(IArtifactStore store, JobMemory memory, LatentsReader reader, DeviceThreads threads) : ITaskStage
{
    public async Task<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var job = await memory.PreparedAsync(assignment.Job, cancellationToken).ConfigureAwait(false);
        var chunk = job.Plan.DecodeChunks[assignment.Task.Index];
        var segments = job.Plan.SegmentsOfDecodeChunk(assignment.Task.Index);
        using var latents = await reader.ReadAsync(
            assignment, job.Plan.Segments, Enumerable.Range(segments.Start, segments.Length), job.Plan.Shape.StepCount - 1,
            cancellationToken).ConfigureAwait(false);
        var decoder = new ChunkDecoder(job.Model.FrameDecoder, latents, job.Model.Manifest.Geometry, chunk.Frames.Length);
        var pictures = await threads.RunAsync(
            () => PictureArtifact.Write(decoder.Decode(chunk, cancellationToken), chunk.Kept.Length)).ConfigureAwait(false);
        return new TaskOutcome(await store.KeepAsync(assignment.ResultKey, pictures, cancellationToken).ConfigureAwait(false));
    }
}
