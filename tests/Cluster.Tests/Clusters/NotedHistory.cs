using System.Collections.Concurrent;
using HunyuanPortrait.Core.Execution;

namespace HunyuanPortrait.Cluster.Tests.Clusters;

/// <summary>A history in memory.</summary>
public sealed class NotedHistory : IClusterHistory
{
    private readonly ConcurrentQueue<HistoryEntry> entries = [];

    public IReadOnlyCollection<HistoryEntry> Entries => [.. entries];

    public void Note(HistoryEntry entry) => entries.Enqueue(entry);

    /// <summary>Every task of the plan was accepted exactly once.</summary>
    public void RequireExactlyOnce(string job, Core.Jobs.TaskPlan plan)
    {
        var accepted = Entries.Where(entry => entry.Job == job && entry.Kind == HistoryKind.Accept).Select(entry => entry.Task).ToArray();
        Assert.Equal(plan.Tasks().Order(), accepted.Order());
    }
}
