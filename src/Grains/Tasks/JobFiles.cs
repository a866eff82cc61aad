using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;

namespace HunyuanPortrait.Grains.Tasks;

/// <summary>The documents of a job.</summary>
internal static class JobFiles
{
    /// <exception cref="Core.Errors.RenderException">HP6101: the job has been removed; HP5202 (transient): it is not prepared.</exception>
    public static async Task<(JobSpecification Specification, Preparation Preparation)> ReadPreparedAsync(
        IArtifactStore store, string job, CancellationToken cancellationToken)
    {
        var specification = await store.ReadAsync(ArtifactKeys.Specification(job), cancellationToken) ?? throw GrainErrors.UnknownJob(job);
        var preparation = ArtifactKeys.Preparation(job);
        return (
            JobDocuments.ReadSpecification(specification.Content.Span),
            JobDocuments.ReadPreparation(((await store.ReadAsync(preparation, cancellationToken)) ?? throw ExecutionErrors.MissingArtifact(preparation.Value)).Content.Span));
    }

    /// <summary>How many steps a segment has completed. The latents of a step are written when all before are complete, and older ones may be gone.</summary>
    public static async Task<int> CompletedStepsAsync(IArtifactStore store, string job, int segment, CancellationToken cancellationToken)
    {
        var completed = 0;
        await foreach (var latents in store.ListAsync(ArtifactKeys.Latents(job, segment), cancellationToken))
            completed = Math.Max(completed, ArtifactKeys.StepOfLatents(latents.Key) + 1);
        return completed;
    }
}
