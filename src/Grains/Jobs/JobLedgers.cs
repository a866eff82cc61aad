using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Grains.Tasks;

namespace HunyuanPortrait.Grains.Jobs;

/// <summary>
/// The ledgers of a job, windows excepted. Kinds with one task are in the job's own record, because what they find is settled in the same write. Every other
/// kind has a record for each <see cref="PageLength"/> indexes, so that accepting a task costs the same however long the clip is.
/// </summary>
/// <param name="job">The job.</param>
/// <param name="single">The ledger in the job's record.</param>
/// <param name="records">Where the others are.</param>
/// <param name="notes">Takes notes.</param>
internal sealed class JobLedgers(string job, OwnedTasks single, LedgerRecords records, OwnerNotes notes)
{
    /// <summary>Tasks of one kind in one record: 64 entries are 12 kB.</summary>
    public const int PageLength = 64;

    private static readonly TaskKind[] Many = [TaskKind.EncodeMotion, TaskKind.DecodeChunk, TaskKind.EncodePart];

    private readonly Dictionary<(TaskKind Kind, int Page), OwnedTasks> pages = [];

    /// <summary>Results refused since the activation.</summary>
    public (int Duplicates, int Stale) Refused =>
        All.Aggregate((Duplicates: 0, Stale: 0), (sum, tasks) => (sum.Duplicates + tasks.Counts.Duplicates, sum.Stale + tasks.Counts.Stale));

    private IEnumerable<OwnedTasks> All => pages.Values.Append(single);

    /// <summary>Reads what was accepted before this activation.</summary>
    public Task LoadAsync(TaskPlan plan, CancellationToken cancellationToken) => Task.WhenAll(
        from kind in Many
        from page in Enumerable.Range(0, (plan.CountOf(kind) + PageLength - 1) / PageLength)
        select PageAsync(kind, page, cancellationToken));

    /// <summary>The ledger of a task.</summary>
    public ValueTask<OwnedTasks> OfAsync(TaskId task, CancellationToken cancellationToken) => Many.Contains(task.Kind)
        ? new(PageAsync(task.Kind, task.Index / PageLength, cancellationToken))
        : new(single);

    /// <summary>Whether a task has its result.</summary>
    public bool HasAccepted(TaskId task) => Find(task) is not null;

    /// <summary>The result of an accepted task.</summary>
    public TaskResult ResultOf(TaskId task) => Find(task) ?? throw new KeyNotFoundException($"{task} of job {job} has no result.");

    /// <summary>How many tasks of each kind have been accepted.</summary>
    public IEnumerable<KeyValuePair<TaskKind, int>> Counts() => pages.GroupBy(page => page.Key.Kind, page => page.Value.Accepted.Count)
        .Select(kind => KeyValuePair.Create(kind.Key, kind.Sum()))
        .Concat(single.Accepted.Keys.Select(task => KeyValuePair.Create(task.Kind, 1)));

    private TaskResult? Find(TaskId task) => Many.Contains(task.Kind)
        ? pages.GetValueOrDefault((task.Kind, task.Index / PageLength))?.Accepted.GetValueOrDefault(task)
        : single.Accepted.GetValueOrDefault(task);

    private async Task<OwnedTasks> PageAsync(TaskKind kind, int page, CancellationToken cancellationToken)
    {
        if (!pages.TryGetValue((kind, page), out var known))
            pages[(kind, page)] = known = await records.OpenAsync(ArtifactKeys.Ledger(job, kind, page), notes, cancellationToken);
        return known;
    }
}
