using System.Globalization;
using HunyuanPortrait.Core.Artifacts;

namespace HunyuanPortrait.Core.Execution;

/// <summary>
/// Motion tracks lie in the week in which their jobs were submitted: jobs of the same week share them, and a week that is over gets no new users, so it can
/// go as soon as none of its jobs needs it.
/// </summary>
public static class MotionWeeks
{
    // Longer than clocks differ: no job is submitted into a week whose end is that long ago.
    private static readonly TimeSpan ShortestRetention = TimeSpan.FromDays(1);

    private static readonly ArtifactKey Weeks = ArtifactKey.Parse("motion");

    /// <summary>The folder of a week.</summary>
    /// <param name="submittedAt">A moment of it.</param>
    public static ArtifactKey Of(DateTimeOffset submittedAt)
    {
        var day = submittedAt.UtcDateTime;
        return Weeks / string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(day)}-W{ISOWeek.GetWeekOfYear(day):00}");
    }

    /// <summary>
    /// Removes the weeks that ended longer than the retention ago and that no job names: none that has not ended, and none that ended within its
    /// retention. While a job has not settled what it names, nothing is removed.
    /// </summary>
    /// <returns>How many artifacts were removed.</returns>
    public static async Task<int> SweepAsync(IArtifactStore store, TimeSpan keepFor, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var latest = Of(now - (keepFor > ShortestRetention ? keepFor : ShortestRetention));
        var over = await WeeksBeforeAsync(store, latest, cancellationToken).ConfigureAwait(false);
        if (over.Count == 0 || await NamedAsync(store, cancellationToken).ConfigureAwait(false) is not { } named)
            return 0;
        var removed = 0;
        foreach (var week in over.Where(week => !named.Any(motion => motion.IsIn(week))))
            removed += await store.DeleteFolderAsync(week, cancellationToken).ConfigureAwait(false);
        return removed;
    }

    private static async Task<IReadOnlyCollection<ArtifactKey>> WeeksBeforeAsync(
        IArtifactStore store, ArtifactKey latest, CancellationToken cancellationToken)
    {
        var weeks = new HashSet<ArtifactKey>();
        await foreach (var artifact in store.ListAsync(Weeks, cancellationToken).ConfigureAwait(false))
        {
            var week = ArtifactKey.Parse(string.Join('/', artifact.Key.Value.Split('/')[..2]));
            if (string.CompareOrdinal(week.Value, latest.Value) < 0)
                weeks.Add(week);
        }

        return weeks;
    }

    /// <returns>Motion tracks; null when a job has not settled which one is its.</returns>
    private static async Task<IReadOnlyCollection<ArtifactKey>?> NamedAsync(IArtifactStore store, CancellationToken cancellationToken)
    {
        // In this order: a job that ends meanwhile is found twice, not never.
        var named = new HashSet<ArtifactKey>();
        await foreach (var marker in store.ListAsync(ArtifactKeys.ActiveJobs, cancellationToken).ConfigureAwait(false))
        {
            if (await MotionOfAsync(store, marker.Key.Value[(marker.Key.Value.LastIndexOf('/') + 1)..], cancellationToken).ConfigureAwait(false) is not { } motion)
                return null;
            named.Add(motion);
        }

        await foreach (var mark in JobArtifacts.EndedAsync(store, cancellationToken).ConfigureAwait(false))
        {
            if (await MotionOfAsync(store, mark.Retention.Job, cancellationToken).ConfigureAwait(false) is { } motion)
                named.Add(motion);
        }

        return named;
    }

    private static async Task<ArtifactKey?> MotionOfAsync(IArtifactStore store, string job, CancellationToken cancellationToken) =>
        await store.ReadAsync(ArtifactKeys.Preparation(job), cancellationToken).ConfigureAwait(false) is { } preparation
            ? ArtifactKey.Parse(JobDocuments.ReadPreparation(preparation.Content.Span).Motion)
            : null;
}
