using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;

namespace HunyuanPortrait.Grains.Tasks;

/// <summary>The documents of a job.</summary>
internal static class JobFiles
{
    /// <exception cref="Core.Errors.RenderException">HP5202: the job is not prepared, or it has been removed.</exception>
    public static async Task<(JobSpecification Specification, Preparation Preparation)> ReadPreparedAsync(
        IArtifactStore store, string job, CancellationToken cancellationToken) => (
            JobDocuments.ReadSpecification((await ReadAsync(store, ArtifactKeys.Specification(job), cancellationToken)).Span),
            JobDocuments.ReadPreparation((await ReadAsync(store, ArtifactKeys.Preparation(job), cancellationToken)).Span));

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(IArtifactStore store, ArtifactKey key, CancellationToken cancellationToken) =>
        (await store.ReadAsync(key, cancellationToken))?.Content ?? throw ExecutionErrors.MissingArtifact(key.Value);
}
