using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Workers.Caches;
using HunyuanPortrait.Workers.Preparing;

namespace HunyuanPortrait.Workers.Encoding;

/// <summary>Joins the parts and adds the sound.</summary>
internal sealed class MuxTask(IArtifactStore store, JobMemory memory, AssetFiles assets, EncodingFiles files, TaskPorts ports) : ITaskStage
{
    public async Task<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var job = await memory.PreparedAsync(assignment.Job, cancellationToken).ConfigureAwait(false);
        var sources = await PartTask.SourcesAsync(job, assets, cancellationToken).ConfigureAwait(false);
        var track = await PartTask.TrackAsync(store, job, cancellationToken).ConfigureAwait(false);
        var parts = new List<ClipPart>();
        try
        {
            foreach (var (frames, input) in job.Plan.EncodeParts.Zip(assignment.Inputs))
            {
                var copy = await files.CopyAsync(ArtifactKey.Parse(input), PartTask.Extension, cancellationToken).ConfigureAwait(false);
                parts.Add(new ClipPart(copy, track.Times[frames.Start]));
            }

            return new TaskOutcome(await files.KeepAsync(
                assignment.ResultKey, job.Specification.Output.Container,
                path => ports.Clips.JoinAsync(job.Specification, sources, parts, path, cancellationToken), cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            foreach (var part in parts)
                File.Delete(part.Path);
        }
    }
}
