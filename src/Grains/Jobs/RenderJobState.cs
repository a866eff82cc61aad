using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Tasks;

namespace HunyuanPortrait.Grains.Jobs;

/// <summary>What a job remembers.</summary>
[GenerateSerializer, Immutable, Alias("hp.RenderJobState")]
public sealed record RenderJobState
{
    /// <summary>What was submitted; null before.</summary>
    [Id(0)] public JobSubmission? Submission { get; init; }

    /// <summary>When it was taken.</summary>
    [Id(1)] public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When it ended.</summary>
    [Id(2)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(3)] public JobStateView State { get; init; }

    /// <summary>Nothing more is leased.</summary>
    [Id(4)] public bool IsPaused { get; init; }

    /// <summary>Why it failed.</summary>
    [Id(5)] public JobFailureView? Failure { get; init; }

    /// <summary>Why it was cancelled.</summary>
    [Id(6)] public string? CancelReason { get; init; }

    /// <summary>Driving frames that are kept; 0 until the video has been read.</summary>
    [Id(7)] public int FrameCount { get; init; }

    /// <summary>The kind of processor that every task runs on; null until the portrait has been prepared.</summary>
    [Id(8)] public string? DeviceClass { get; init; }

    /// <summary>Leases and accepted tasks, windows excepted.</summary>
    [Id(9)] public LedgerState Ledger { get; init; } = new();

    internal RenderJob ToJob(string id) => new(
        id, (JobState)State, IsPaused,
        Failure is null ? null : new JobFailure(Failure.Code, (JobState)Failure.Stage, Failure.Message, Failure.IsTransient), CancelReason);

    internal RenderJobState With(RenderJob job, DateTimeOffset now) => this with
    {
        State = (JobStateView)job.State,
        IsPaused = job.IsPaused,
        Failure = job.Failure is not { } failure ? null : new JobFailureView
        {
            Code = failure.Code,
            Stage = (JobStateView)failure.Stage,
            Message = failure.Message,
            IsTransient = failure.IsTransient,
        },
        CancelReason = job.CancelReason,
        EndedAt = job.HasEnded ? EndedAt ?? now : null,
    };
}
