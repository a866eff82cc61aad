namespace HunyuanPortrait.Grains.Interfaces.Tasks;

/// <summary>The kinds of tasks, in the order of the pipeline.</summary>
[GenerateSerializer, Alias("hp.TaskKindView")]
public enum TaskKindView
{
    /// <summary>Detect, crop and encode the portrait.</summary>
    PreparePortrait = 0,

    /// <summary>One pass over the driving video.</summary>
    PrepareMotion = 1,

    /// <summary>Motion tokens of one group of driving frames.</summary>
    EncodeMotion = 2,

    /// <summary>One window at one step.</summary>
    DenoiseWindow = 3,

    /// <summary>One call of the VAE decoder.</summary>
    DecodeChunk = 4,

    /// <summary>One closed part of the video.</summary>
    EncodePart = 5,

    /// <summary>Join the parts, add the sound, publish.</summary>
    Mux = 6,
}

/// <summary>One task of one job.</summary>
[GenerateSerializer, Immutable, Alias("hp.TaskName")]
public sealed record TaskName
{
    /// <summary>The job.</summary>
    [Id(0)] public required string Job { get; init; }

    /// <summary>What is to be done.</summary>
    [Id(1)] public required TaskKindView Kind { get; init; }

    /// <summary>Executed step, counted from 0; 0 for all kinds but windows.</summary>
    [Id(2)] public int Step { get; init; }

    /// <summary>Window, group, chunk or part, counted from 0.</summary>
    [Id(3)] public int Index { get; init; }

    /// <summary>The segment that owns it; null for tasks that the job owns.</summary>
    [Id(4)] public int? Segment { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Job}/{Kind}/{Step}/{Index}";
}

/// <summary>An owner's answer to who wants to work on a task.</summary>
[GenerateSerializer, Immutable, Alias("hp.LeaseGrant")]
public sealed record LeaseGrant
{
    /// <summary>Names the lease; null when there is nothing to do: the task has its result, or its job does not want it any more.</summary>
    [Id(0)] public long? Epoch { get; init; }

    /// <summary>Artifacts that the task reads, in the order of the tasks that made them.</summary>
    [Id(1)] public IReadOnlyList<string> Inputs { get; init; } = [];
}

/// <summary>The result of a task.</summary>
[GenerateSerializer, Immutable, Alias("hp.TaskDelivery")]
public sealed record TaskDelivery
{
    /// <summary>Whose result it is.</summary>
    [Id(0)] public required TaskName Task { get; init; }

    /// <summary>The lease under which it was computed.</summary>
    [Id(1)] public required long Epoch { get; init; }

    /// <summary>The artifact.</summary>
    [Id(2)] public required string ResultKey { get; init; }

    /// <summary>Of its content, lower-case hexadecimal.</summary>
    [Id(3)] public required string Sha256 { get; init; }

    /// <summary>Kept driving frames, for the pass over the video.</summary>
    [Id(4)] public int FrameCount { get; init; }

    /// <summary>Who computed it.</summary>
    [Id(5)] public required string Worker { get; init; }

    /// <summary>On which kind of processor.</summary>
    [Id(6)] public required string DeviceClass { get; init; }
}

/// <summary>What an owner says to a result.</summary>
[GenerateSerializer, Alias("hp.AcceptanceView")]
public enum AcceptanceView
{
    /// <summary>It is the task's result from now on.</summary>
    Accepted = 0,

    /// <summary>The task has a result already, maybe this one.</summary>
    Duplicate = 1,

    /// <summary>The lease is not the task's newest.</summary>
    Stale = 2,
}

/// <summary>Why a worker could not do a task.</summary>
[GenerateSerializer, Immutable, Alias("hp.TaskFailure")]
public sealed record TaskFailure
{
    /// <summary>The task.</summary>
    [Id(0)] public required TaskName Task { get; init; }

    /// <summary>The lease.</summary>
    [Id(1)] public required long Epoch { get; init; }

    /// <summary>Code of the refusal.</summary>
    [Id(2)] public required string Code { get; init; }

    /// <summary>What is wrong, where, and what to do about it.</summary>
    [Id(3)] public required string Message { get; init; }

    /// <summary>Whether another attempt may succeed.</summary>
    [Id(4)] public required bool IsTransient { get; init; }

    /// <summary>Who tried.</summary>
    [Id(5)] public required string Worker { get; init; }
}
