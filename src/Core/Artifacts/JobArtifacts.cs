using System.Runtime.CompilerServices;
using System.Text.Json;

namespace HunyuanPortrait.Core.Artifacts;

/// <summary>What jobs leave in a store: everything of a job is in its folder, and goes with it when its retention has passed.</summary>
/// <remarks>
/// A job that ends leaves a mark under <c>retention/</c> that says what of its folder is kept and until when. The mark goes last, so a removal that
/// is interrupted is taken up by the next one. A job without a mark is kept.
/// </remarks>
public static class JobArtifacts
{
    private static readonly ArtifactKey Jobs = ArtifactKey.Parse("jobs");
    private static readonly ArtifactKey Marks = ArtifactKey.Parse("retention");

    /// <summary>The folder of a job.</summary>
    /// <param name="jobId">Any text.</param>
    public static ArtifactKey FolderOf(string jobId) => Jobs / ArtifactKey.Escape(jobId);

    /// <summary>Says that a job has ended. Saying it again changes nothing; another end than before (a later job of the same name) replaces it.</summary>
    public static async Task MarkEndedAsync(IArtifactStore store, JobRetention retention, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var known = await FindAsync(store, MarkOf(retention.Job), cancellationToken).ConfigureAwait(false);
            if (known?.Retention.EndedAt == retention.EndedAt)
                return;
            var written = await store.ReplaceAsync(
                MarkOf(retention.Job), JsonSerializer.SerializeToUtf8Bytes(retention), known?.ETag, cancellationToken).ConfigureAwait(false);
            if (written.Replaced)
                return;
        }
    }

    /// <summary>All jobs that have ended and whose mark is there.</summary>
    public static async IAsyncEnumerable<RetentionMark> EndedAsync(
        IArtifactStore store, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var mark in store.ListAsync(Marks, cancellationToken).ConfigureAwait(false))
        {
            if (await FindAsync(store, mark.Key, cancellationToken).ConfigureAwait(false) is { } found)
                yield return found;
        }
    }

    /// <summary>Removes what of a job is not kept, and notes that it is gone.</summary>
    /// <returns>How many artifacts were removed.</returns>
    public static async Task<int> TrimAsync(IArtifactStore store, RetentionMark mark, CancellationToken cancellationToken = default)
    {
        var kept = mark.Retention.Kept.ToHashSet(StringComparer.Ordinal);
        var removed = 0;
        await foreach (var artifact in store.ListAsync(FolderOf(mark.Retention.Job), cancellationToken).ConfigureAwait(false))
        {
            if (!kept.Contains(artifact.Key.Value)
                && await store.DeleteAsync(artifact.Key, cancellationToken: cancellationToken).ConfigureAwait(false) == DeleteOutcome.Deleted)
            {
                removed++;
            }
        }

        // Another process that trims the same job has noted the same, or removed the mark.
        await store.ReplaceAsync(
            MarkOf(mark.Retention.Job), JsonSerializer.SerializeToUtf8Bytes(mark.Retention with { IsTrimmed = true }), mark.ETag, cancellationToken)
            .ConfigureAwait(false);
        return removed;
    }

    /// <summary>Removes everything of a job but its mark.</summary>
    public static Task<int> RemoveAsync(IArtifactStore store, string jobId, CancellationToken cancellationToken = default) =>
        store.DeleteFolderAsync(FolderOf(jobId), cancellationToken);

    /// <summary>Removes the mark of a job whose artifacts are gone, unless it says something else by now.</summary>
    public static Task UnmarkAsync(IArtifactStore store, RetentionMark mark, CancellationToken cancellationToken = default) =>
        store.DeleteAsync(MarkOf(mark.Retention.Job), mark.ETag, cancellationToken);

    private static ArtifactKey MarkOf(string jobId) => Marks / ArtifactKey.Escape(jobId);

    private static async Task<RetentionMark?> FindAsync(IArtifactStore store, ArtifactKey key, CancellationToken cancellationToken) =>
        await store.ReadAsync(key, cancellationToken).ConfigureAwait(false) is { } record
            ? new RetentionMark(JsonSerializer.Deserialize<JobRetention>(record.Content.Span)!, record.ETag)
            : null;
}
