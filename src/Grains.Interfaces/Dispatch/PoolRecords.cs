using HunyuanPortrait.Grains.Interfaces.Tasks;

namespace HunyuanPortrait.Grains.Interfaces.Dispatch;

/// <summary>Tasks of one job that may be leased.</summary>
[GenerateSerializer, Immutable, Alias("hp.ReadyTasks")]
public sealed record ReadyTasks
{
    /// <summary>The job.</summary>
    [Id(0)] public required string Job { get; init; }

    /// <summary>Who pays for it.</summary>
    [Id(1)] public required string Tenant { get; init; }

    /// <summary>−10 … 10.</summary>
    [Id(2)] public required int Priority { get; init; }

    /// <summary>Earlier goes first among equals.</summary>
    [Id(3)] public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>What a worker must hold: a model, maybe on a kind of processor.</summary>
    [Id(4)] public required string Model { get; init; }

    /// <summary>How the clip is cut into segments, which own the windows; null before denoising.</summary>
    [Id(6)] public SegmentPlanView? Segments { get; init; }

    /// <summary>The tasks.</summary>
    [Id(5)] public required IReadOnlyList<TaskName> Tasks { get; init; }
}

/// <summary>How a clip is cut into windows and segments.</summary>
[GenerateSerializer, Immutable, Alias("hp.SegmentPlanView")]
public sealed record SegmentPlanView
{
    /// <summary>Frames of the padded clip.</summary>
    [Id(0)] public required int FrameCount { get; init; }

    /// <summary>Frames of a window.</summary>
    [Id(1)] public required int WindowLength { get; init; }

    /// <summary>Frames that neighbouring windows share.</summary>
    [Id(2)] public required int WindowOverlap { get; init; }

    /// <summary>How far the grid of windows moves after every step.</summary>
    [Id(3)] public required int WindowShift { get; init; }

    /// <summary>Steps.</summary>
    [Id(4)] public required int StepCount { get; init; }
}

/// <summary>Who asks for work.</summary>
[GenerateSerializer, Immutable, Alias("hp.WorkerProfile")]
public sealed record WorkerProfile
{
    /// <summary>Its name.</summary>
    [Id(0)] public required string Worker { get; init; }

    /// <summary>The kind of its processor.</summary>
    [Id(1)] public required string DeviceClass { get; init; }

    /// <summary>Models that it has loaded.</summary>
    [Id(2)] public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Jobs whose conditioning it holds.</summary>
    [Id(3)] public required IReadOnlyList<string> WarmJobs { get; init; }
}

/// <summary>Names a lease of the pool.</summary>
[GenerateSerializer, Immutable, Alias("hp.LeaseName")]
public sealed record LeaseName
{
    /// <summary>The pool that gave it.</summary>
    [Id(0)] public required Guid Pool { get; init; }

    /// <summary>Its number there.</summary>
    [Id(1)] public required long Number { get; init; }

    /// <summary>What was leased.</summary>
    [Id(2)] public required TaskName Task { get; init; }
}

/// <summary>A task for a worker.</summary>
[GenerateSerializer, Immutable, Alias("hp.LeaseOffer")]
public sealed record LeaseOffer
{
    /// <summary>The lease.</summary>
    [Id(0)] public required LeaseName Lease { get; init; }

    /// <summary>The owner's name for it; the result lies under it.</summary>
    [Id(1)] public required long Epoch { get; init; }

    /// <summary>Artifacts that the task reads.</summary>
    [Id(2)] public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>How long it lasts without being renewed.</summary>
    [Id(3)] public required TimeSpan Duration { get; init; }
}

/// <summary>How a lease ends.</summary>
[GenerateSerializer, Alias("hp.LeaseEnding")]
public enum LeaseEnding
{
    /// <summary>The owner has a result.</summary>
    Completed = 0,

    /// <summary>The worker gives the task back, or its result was refused.</summary>
    HandedBack = 1,
}

/// <summary>How the pool treats a job.</summary>
[GenerateSerializer, Alias("hp.JobTreatment")]
public enum JobTreatment
{
    /// <summary>Its tasks may be leased.</summary>
    Lease = 0,

    /// <summary>Its tasks wait.</summary>
    Pause = 1,

    /// <summary>Its tasks are forgotten.</summary>
    Drop = 2,
}

/// <summary>What a job has to know about the pool.</summary>
[GenerateSerializer, Immutable, Alias("hp.PoolCheck")]
public sealed record PoolCheck
{
    /// <summary>After another one, everything has to be enqueued again.</summary>
    [Id(0)] public required Guid Pool { get; init; }

    /// <summary>Workers that asked for work lately.</summary>
    [Id(1)] public required int Workers { get; init; }

    /// <summary>Those of them that hold the model.</summary>
    [Id(2)] public required int WorkersWithModel { get; init; }
}

/// <summary>What waits in one lane.</summary>
[GenerateSerializer, Immutable, Alias("hp.LaneView")]
public sealed record LaneView
{
    /// <summary>Kind of tasks.</summary>
    [Id(0)] public required TaskKindView Kind { get; init; }

    /// <summary>What a worker must hold.</summary>
    [Id(1)] public string? Model { get; init; }

    /// <summary>Tasks that a worker could take now.</summary>
    [Id(2)] public required int Ready { get; init; }

    /// <summary>Tasks in workers' hands.</summary>
    [Id(3)] public required int Leased { get; init; }

    /// <summary>How long the longest waiting of them has waited.</summary>
    [Id(4)] public required TimeSpan OldestWait { get; init; }
}

/// <summary>A worker as the pool knows it.</summary>
[GenerateSerializer, Immutable, Alias("hp.WorkerView")]
public sealed record WorkerView
{
    /// <summary>What it told about itself.</summary>
    [Id(0)] public required WorkerProfile Profile { get; init; }

    /// <summary>How long ago it was heard of.</summary>
    [Id(1)] public required TimeSpan LastHeard { get; init; }
}

/// <summary>What waits, what runs, who works.</summary>
[GenerateSerializer, Immutable, Alias("hp.PoolView")]
public sealed record PoolView
{
    /// <summary>The pool's incarnation.</summary>
    [Id(0)] public required Guid Pool { get; init; }

    /// <summary>By kind and model.</summary>
    [Id(1)] public required IReadOnlyList<LaneView> Lanes { get; init; }

    /// <summary>Workers that asked for work lately.</summary>
    [Id(2)] public required IReadOnlyList<WorkerView> Workers { get; init; }
}
