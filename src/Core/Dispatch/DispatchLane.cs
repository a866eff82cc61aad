using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Core.Dispatch;

/// <summary>Tasks that the same workers can run and that take about the same time.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Model">Which model it takes; null for none.</param>
public readonly record struct DispatchLane(TaskKind Kind, string? Model);

/// <summary>Who asks for work.</summary>
/// <param name="Worker">Its name; a worker never helps itself as a straggler.</param>
/// <param name="Kinds">The kinds of tasks that it runs.</param>
/// <param name="Models">The models that it holds. Tasks of other models are never leased to it.</param>
/// <param name="WarmJobs">Jobs whose conditioning it holds, few; they are preferred within the limits of <see cref="DispatchOptions"/>.</param>
public sealed record WorkerCapabilities(
    string Worker, IReadOnlySet<TaskKind> Kinds, IReadOnlySet<string> Models, IReadOnlyCollection<string> WarmJobs)
{
    /// <summary>Whether it can run the tasks of a lane.</summary>
    public bool CanRun(DispatchLane lane) => Kinds.Contains(lane.Kind) && (lane.Model is null || Models.Contains(lane.Model));
}
