using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Workers.Artifacts;
using HunyuanPortrait.Workers.Caches;

namespace HunyuanPortrait.Workers.Preparing;

/// <summary>Detects, crops and encodes the portrait.</summary>
internal sealed class PortraitTask(IArtifactStore store, JobMemory memory, AssetFiles assets, TaskPorts ports, DeviceThreads threads) : ITaskStage
{
    public async Task<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var job = await memory.SpecificationAsync(assignment.Job, cancellationToken).ConfigureAwait(false);
        var file = await assets.FileOfAsync(job.Portrait, job.Faces.Portrait, cancellationToken).ConfigureAwait(false);
        var model = ports.Models[job.Model];
        var conditioning = await threads.RunAsync(() =>
        {
            var cut = ports.Portraits.Cut(file, job.Faces.Portrait, model.Manifest.Geometry);
            return new StoredConditioning(model.PortraitEncoder.Encode(cut.Crops, cancellationToken), cut.Place);
        }).ConfigureAwait(false);
        return new TaskOutcome(await store.KeepAsync(
            assignment.ResultKey, ConditioningArtifact.Write(conditioning), cancellationToken).ConfigureAwait(false));
    }
}
