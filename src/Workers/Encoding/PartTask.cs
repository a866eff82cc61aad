using System.Runtime.CompilerServices;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Workers.Artifacts;
using HunyuanPortrait.Workers.Caches;
using HunyuanPortrait.Workers.Preparing;

namespace HunyuanPortrait.Workers.Encoding;

/// <summary>Pictures of one part → a closed piece of the video. One decoded chunk is in memory at a time.</summary>
internal sealed class PartTask(IArtifactStore store, JobMemory memory, AssetFiles assets, EncodingFiles files, TaskPorts ports) : ITaskStage
{
    public const string Extension = ".mp4";

    public async Task<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var job = await memory.PreparedAsync(assignment.Job, cancellationToken).ConfigureAwait(false);
        var sources = await SourcesAsync(job, assets, cancellationToken).ConfigureAwait(false);
        var track = await TrackAsync(store, job, cancellationToken).ConfigureAwait(false);
        var frames = FramesAsync(job, assignment, track, cancellationToken);
        return new TaskOutcome(await files.KeepAsync(
            assignment.ResultKey, Extension,
            path => ports.Clips.WritePartAsync(job.Specification, sources, frames, path, cancellationToken), cancellationToken).ConfigureAwait(false));
    }

    public static async Task<MotionTrack> TrackAsync(IArtifactStore store, PreparedJob job, CancellationToken cancellationToken) =>
        JobDocuments.ReadMotionTrack(await store.ReadAllAsync(
            ArtifactKeys.MotionTrack(ArtifactKey.Parse(job.Preparation.Motion)), cancellationToken).ConfigureAwait(false));

    public static async Task<ClipSources> SourcesAsync(PreparedJob job, AssetFiles assets, CancellationToken cancellationToken) => new(
        await assets.PathOfAsync(job.Specification.Portrait, cancellationToken).ConfigureAwait(false),
        await assets.PathOfAsync(job.Specification.Driving, cancellationToken).ConfigureAwait(false),
        job.Conditioning.Place);

    private async IAsyncEnumerable<(RgbImage Picture, long Time)> FramesAsync(
        PreparedJob job, TaskAssignment assignment, MotionTrack track, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var part = job.Plan.EncodeParts[assignment.Task.Index];
        var chunks = job.Plan.DecodeChunksOfPart(assignment.Task.Index);
        for (var i = 0; i < chunks.Length; i++)
        {
            var key = ArtifactKey.Parse(assignment.Inputs[i]);
            var pictures = PictureArtifact.Read(key, await store.ReadAllAsync(key, cancellationToken).ConfigureAwait(false));
            var first = job.Plan.DecodeChunks[chunks.Start + i].Kept.Start - job.Plan.Padding.Padding;
            for (var index = Math.Max(0, part.Start - first); index < Math.Min(pictures.Count, part.End - first); index++)
                yield return (pictures[index], track.Times[first + index]);
        }
    }
}
