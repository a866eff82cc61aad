using System.Text.Json;

namespace HunyuanPortrait.Core.Artifacts;

/// <summary>What jobs leave in a store: everything of a job is in its folder, and goes with it when its retention has passed.</summary>
/// <remarks>
/// A job that ends leaves a mark under <c>retention/</c> that says until when its folder is kept. The folder is removed before the mark, so a removal
/// that is interrupted is taken up by the next one. A job without a mark is kept.
/// </remarks>
public static class JobArtifacts
{
    private static readonly ArtifactKey Jobs = ArtifactKey.Parse("jobs");
    private static readonly ArtifactKey Marks = ArtifactKey.Parse("retention");

    /// <summary>The folder of a job.</summary>
    /// <param name="jobId">Any text.</param>
    public static ArtifactKey FolderOf(string jobId) => Jobs / ArtifactKey.Escape(jobId);

    /// <summary>Says that a job has ended, and how long its artifacts are kept from then on. Saying it again changes nothing.</summary>
    public static Task MarkEndedAsync(
        IArtifactStore store, string jobId, JobRetention retention, CancellationToken cancellationToken = default) =>
        store.CreateAsync(Marks / ArtifactKey.Escape(jobId), JsonSerializer.SerializeToUtf8Bytes(retention), cancellationToken);

    /// <summary>Removes the artifacts of all jobs whose retention has passed.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Stops between two artifacts.</param>
    /// <returns>The folders that were removed.</returns>
    public static async Task<IReadOnlyList<ArtifactKey>> RemoveExpiredAsync(
        IArtifactStore store, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var removed = new List<ArtifactKey>();
        await foreach (var mark in store.ListAsync(Marks, cancellationToken).ConfigureAwait(false))
        {
            if (await store.ReadAsync(mark.Key, cancellationToken).ConfigureAwait(false) is not { } record
                || !JsonSerializer.Deserialize<JobRetention>(record.Content.Span).IsOver(now))
                continue;
            var folder = Jobs / mark.Key.Value[(Marks.Value.Length + 1)..];
            await store.DeleteFolderAsync(folder, cancellationToken).ConfigureAwait(false);
            await store.DeleteAsync(mark.Key, cancellationToken: cancellationToken).ConfigureAwait(false);
            removed.Add(folder);
        }

        return removed;
    }
}
