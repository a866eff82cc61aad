using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Workers.Artifacts;
using HunyuanPortrait.Workers.Caches;

namespace HunyuanPortrait.Workers.Preparing;

/// <summary>One pass over the driving video: faces and crops of every motion group. A track that a job before this one left is taken as it is.</summary>
internal sealed class MotionCropsTask(IArtifactStore store, JobMemory memory, AssetFiles assets, TaskPorts ports) : ITaskStage
{
    public async Task<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var job = await memory.SpecificationAsync(assignment.Job, cancellationToken).ConfigureAwait(false);
        var motion = ArtifactKey.Parse(assignment.Inputs[0]);
        var key = ArtifactKeys.MotionTrack(motion);
        var content = await store.TryReadAllAsync(key, cancellationToken).ConfigureAwait(false);
        if (content is null)
        {
            content = JobDocuments.Write(await ReadAsync(job, motion, cancellationToken).ConfigureAwait(false));
            await store.CreateAsync(key, content, cancellationToken).ConfigureAwait(false);
        }

        var track = JobDocuments.ReadMotionTrack(content);
        return new TaskOutcome(new(key.Value, StoredArtifacts.Hash(content)), track.FrameCount);
    }

    private async Task<MotionTrack> ReadAsync(JobSpecification job, ArtifactKey motion, CancellationToken cancellationToken)
    {
        var file = await assets.FileOfAsync(job.Driving, job.Faces.Driving, cancellationToken).ConfigureAwait(false);
        var geometry = ports.Models[job.Model].Manifest.Geometry;
        await using var reading = await ports.Driving.OpenAsync(file, job, geometry, cancellationToken).ConfigureAwait(false);
        var index = 0;
        await foreach (var group in reading.GroupsAsync(cancellationToken).ConfigureAwait(false))
        {
            var crops = MotionCropsArtifact.Write(group);
            await store.CreateAsync(ArtifactKeys.MotionCrops(motion, index++), crops, cancellationToken).ConfigureAwait(false);
        }

        return reading.Track;
    }
}
