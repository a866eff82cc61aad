using System.Collections.Immutable;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Core.Windows;
using HunyuanPortrait.Grains.Interfaces.Dispatch;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Interfaces.Segments;
using HunyuanPortrait.Grains.Interfaces.Tasks;
using HunyuanPortrait.Grains.Segments;

namespace HunyuanPortrait.Grains.Tasks;

/// <summary>Tasks on the wire and in the core.</summary>
internal static class TaskNames
{
    public static TaskId ToId(this TaskName name) => new((TaskKind)name.Kind, name.Step, name.Index);

    /// <param name="task">The task.</param>
    /// <param name="job">Its job.</param>
    /// <param name="plan">Needed for windows only.</param>
    public static TaskName ToName(this TaskId task, string job, SegmentPlan? plan) => new()
    {
        Job = job,
        Kind = (TaskKindView)task.Kind,
        Step = task.Step,
        Index = task.Index,
        Segment = task.Kind == TaskKind.DenoiseWindow ? plan!.HomeOf(task.Step, task.Index) : null,
    };

    /// <summary>The grain that owns a task.</summary>
    public static ITaskOwnerGrain OwnerOf(this IGrainFactory grains, TaskName task) => task.Segment is { } segment
        ? grains.GetGrain<ILatentSegmentGrain>(SegmentNames.Of(task.Job, segment))
        : grains.GetGrain<IRenderJobGrain>(task.Job);

    public static SegmentPlanView ToView(this SegmentPlan plan) => new()
    {
        FrameCount = plan.FrameCount,
        WindowLength = plan.Windows.Length,
        WindowOverlap = plan.Windows.Overlap,
        WindowShift = plan.Windows.Shift,
        StepCount = plan.StepCount,
    };

    public static SegmentPlan ToPlan(this SegmentPlanView view) =>
        new(view.FrameCount, new WindowSettings(view.WindowLength, view.WindowOverlap, view.WindowShift), view.StepCount);

    public static TaskResult Result(this TaskDelivery delivery) => new(delivery.ResultKey, delivery.Sha256);

    public static LeaseGrant ToGrant(this LeaseEpoch? epoch, params IReadOnlyList<string> inputs) => new() { Epoch = epoch?.Value, Inputs = inputs };
}

/// <summary>What a task owner remembers, as it is stored.</summary>
[GenerateSerializer, Immutable, Alias("hp.LedgerState")]
public sealed record LedgerState
{
    /// <summary>Of the activation that wrote it.</summary>
    [Id(0)] public int Incarnation { get; init; }

    /// <summary>Tasks of the steps below are accepted, and their results forgotten.</summary>
    [Id(1)] public int ClosedSteps { get; init; }

    /// <summary>Results of the other accepted tasks.</summary>
    [Id(2)] public IReadOnlyList<AcceptedState> Accepted { get; init; } = [];

    internal static LedgerState From(LedgerSnapshot snapshot) => new()
    {
        Incarnation = snapshot.Incarnation,
        ClosedSteps = snapshot.ClosedSteps,
        Accepted = [.. snapshot.Accepted.Select(pair => new AcceptedState
        {
            Kind = (int)pair.Key.Kind, Step = pair.Key.Step, Index = pair.Key.Index, Key = pair.Value.Key, Sha256 = pair.Value.Sha256,
        })],
    };

    internal LedgerSnapshot ToSnapshot() => new(Incarnation, ClosedSteps, Accepted.ToImmutableDictionary(
        accepted => new TaskId((TaskKind)accepted.Kind, accepted.Step, accepted.Index), accepted => new TaskResult(accepted.Key, accepted.Sha256)));
}

/// <summary>One accepted result, as it is stored.</summary>
[GenerateSerializer, Immutable, Alias("hp.AcceptedState")]
public sealed record AcceptedState
{
    /// <summary>The kind's number.</summary>
    [Id(0)] public int Kind { get; init; }

    /// <summary>The step.</summary>
    [Id(1)] public int Step { get; init; }

    /// <summary>The index.</summary>
    [Id(2)] public int Index { get; init; }

    /// <summary>The artifact.</summary>
    [Id(3)] public string Key { get; init; } = "";

    /// <summary>Of its content.</summary>
    [Id(4)] public string Sha256 { get; init; } = "";
}
