using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Workers.Artifacts;
using HunyuanPortrait.Workers.Caches;

namespace HunyuanPortrait.Workers.Preparing;

/// <summary>Crops of one motion group → motion tokens. Tokens that are there already are taken as they are; the crops go when the tokens are stored.</summary>
internal sealed class MotionTokensTask(IArtifactStore store, JobMemory memory, TaskPorts ports, DeviceThreads threads) : ITaskStage
{
    public async Task<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var job = await memory.SpecificationAsync(assignment.Job, cancellationToken).ConfigureAwait(false);
        var motion = ArtifactKey.Parse(assignment.Inputs[0]);
        var key = ArtifactKeys.MotionTokens(motion, assignment.Task.Index);
        var cropsKey = ArtifactKeys.MotionCrops(motion, assignment.Task.Index);

        // Crops first: whoever finds none knows that the tokens are there, or that both are lost.
        var crops = await store.TryReadAllAsync(cropsKey, cancellationToken).ConfigureAwait(false);
        var known = await store.TryReadAllAsync(key, cancellationToken).ConfigureAwait(false);
        if (known is not null)
            return new TaskOutcome(new(key.Value, StoredArtifacts.Hash(known)));
        var group = MotionCropsArtifact.Read(cropsKey, crops ?? throw ExecutionErrors.MissingArtifact(cropsKey.Value));
        var tokens = await threads.RunAsync(() => Encode(ports.Models[job.Model], group, cancellationToken)).ConfigureAwait(false);
        var result = await store.KeepAsync(key, TensorArtifact.Write(tokens), cancellationToken).ConfigureAwait(false);
        await store.DeleteAsync(cropsKey, cancellationToken: cancellationToken).ConfigureAwait(false);
        return new TaskOutcome(result);
    }

    private static FloatTensor Encode(IRenderModel model, MotionGroup group, CancellationToken cancellationToken)
    {
        var encoder = model.MotionEncoder;
        var tokens = FloatTensor.Zeros(group.FaceCrops.Shape[0], encoder.TokenCount, encoder.TokenWidth);
        encoder.Encode(group.FaceCrops, group.HeadCrops, group.Intensity, tokens.Values, cancellationToken);
        return tokens;
    }
}
