using HunyuanPortrait.Core.Dispatch;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Grains.Interfaces.Dispatch;

namespace HunyuanPortrait.Grains.Dispatch;

/// <summary>A worker that waits for a task.</summary>
internal sealed class Asking(WorkerProfile worker)
{
    private static readonly HashSet<TaskKind> EveryKind = [.. Enum.GetValues<TaskKind>()];

    public string Worker => worker.Worker;

    public WorkerCapabilities Capabilities { get; } = new(
        worker.Worker, EveryKind, ModelsOf(worker).ToHashSet(StringComparer.Ordinal), worker.WarmJobs);

    /// <summary>Answered exactly once: with a task, or with null.</summary>
    public TaskCompletionSource<LeaseOffer?> Answer { get; } = new();

    /// <summary>What the worker holds, with and without its kind of processor.</summary>
    public static IEnumerable<string> ModelsOf(WorkerProfile worker) =>
        worker.Models.SelectMany(model => new[] { model, PoolNames.ModelOn(model, worker.DeviceClass) });
}
