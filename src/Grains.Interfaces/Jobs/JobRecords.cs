using HunyuanPortrait.Grains.Interfaces.Segments;

namespace HunyuanPortrait.Grains.Interfaces.Jobs;

/// <summary>A wish for a job.</summary>
[GenerateSerializer, Immutable, Alias("hp.JobSubmission")]
public sealed record JobSubmission
{
    /// <summary>Who pays for it.</summary>
    [Id(0)] public required string Tenant { get; init; }

    /// <summary>Names the submission within the tenant, so that a repeated one finds the same job.</summary>
    [Id(1)] public required string ClientKey { get; init; }

    /// <summary>−10 … 10; higher goes first among the tenant's jobs.</summary>
    [Id(2)] public int Priority { get; init; }

    /// <summary>What shall be computed: the job specification, JSON.</summary>
    [Id(3)] public required string Specification { get; init; }
}

/// <summary>Where a job stands.</summary>
[GenerateSerializer, Alias("hp.JobStateView")]
public enum JobStateView
{
    /// <summary>Accepted and durable; nothing has begun.</summary>
    Submitted = 0,

    /// <summary>Portrait and driving video are being encoded.</summary>
    Preparing = 1,

    /// <summary>Windows are being denoised.</summary>
    Denoising = 2,

    /// <summary>Final latents are being decoded and encoded.</summary>
    Decoding = 3,

    /// <summary>The parts are being joined.</summary>
    Muxing = 4,

    /// <summary>The video is published.</summary>
    Succeeded = 5,

    /// <summary>Ended with a failure.</summary>
    Failed = 6,

    /// <summary>Ended because somebody asked for it.</summary>
    Cancelled = 7,
}

/// <summary>How a job is.</summary>
[GenerateSerializer, Immutable, Alias("hp.RenderJobView")]
public sealed record RenderJobView
{
    /// <summary>The job's id.</summary>
    [Id(0)] public required string Job { get; init; }

    /// <summary>Who pays for it.</summary>
    [Id(1)] public required string Tenant { get; init; }

    /// <summary>−10 … 10.</summary>
    [Id(2)] public required int Priority { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(3)] public required JobStateView State { get; init; }

    /// <summary>Nothing more is leased until it is resumed.</summary>
    [Id(4)] public bool IsPaused { get; init; }

    /// <summary>How far it has come.</summary>
    [Id(5)] public required JobProgressView Progress { get; init; }

    /// <summary>Why it failed.</summary>
    [Id(6)] public JobFailureView? Failure { get; init; }

    /// <summary>Why it was cancelled.</summary>
    [Id(7)] public string? CancelReason { get; init; }

    /// <summary>What it waits for, in words, when nobody can work on it.</summary>
    [Id(8)] public string? Waiting { get; init; }

    /// <summary>The artifact of the video, when it is there.</summary>
    [Id(9)] public string? Video { get; init; }

    /// <summary>When it was taken.</summary>
    [Id(10)] public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When it ended.</summary>
    [Id(11)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What is to be computed: the job specification, JSON.</summary>
    [Id(12)] public required string Specification { get; init; }

    /// <summary>Results refused because their task had one, as far as is known since the activation.</summary>
    [Id(13)] public int Duplicates { get; init; }

    /// <summary>Results refused because their lease was not the newest, as far as is known since the activation.</summary>
    [Id(14)] public int Stale { get; init; }

    /// <summary>Whether nothing more will happen to it.</summary>
    public bool HasEnded => State is JobStateView.Succeeded or JobStateView.Failed or JobStateView.Cancelled;
}

/// <summary>How far a job has come.</summary>
[GenerateSerializer, Immutable, Alias("hp.JobProgressView")]
public sealed record JobProgressView
{
    /// <summary>Tasks with an accepted result.</summary>
    [Id(0)] public required int CompletedTasks { get; init; }

    /// <summary>All tasks.</summary>
    [Id(1)] public required int TotalTasks { get; init; }

    /// <summary>Of the work, 0 … 1.</summary>
    [Id(2)] public required double CompletedFraction { get; init; }

    /// <summary>Windows of all steps that are done.</summary>
    [Id(3)] public required int CompletedWindows { get; init; }

    /// <summary>Windows of all steps.</summary>
    [Id(4)] public required int TotalWindows { get; init; }

    /// <summary>Steps that every segment has completed.</summary>
    [Id(5)] public required int SlowestStep { get; init; }

    /// <summary>Steps that the foremost segment has completed.</summary>
    [Id(6)] public required int FastestStep { get; init; }

    /// <summary>All steps.</summary>
    [Id(7)] public required int Steps { get; init; }

    /// <summary>Work a second, in window-steps; null while too little is known.</summary>
    [Id(8)] public double? Rate { get; init; }

    /// <summary>Null while it is not known.</summary>
    [Id(9)] public TimeSpan? TimeLeft { get; init; }
}

/// <summary>Why a job failed.</summary>
[GenerateSerializer, Immutable, Alias("hp.JobFailureView")]
public sealed record JobFailureView
{
    /// <summary>Stable code.</summary>
    [Id(0)] public required string Code { get; init; }

    /// <summary>What the job was doing.</summary>
    [Id(1)] public required JobStateView Stage { get; init; }

    /// <summary>What is wrong, where, and what to do about it.</summary>
    [Id(2)] public required string Message { get; init; }

    /// <summary>Whether the same job may succeed later.</summary>
    [Id(3)] public required bool IsTransient { get; init; }
}

/// <summary>How far a segment is.</summary>
[GenerateSerializer, Immutable, Alias("hp.SegmentView")]
public sealed record SegmentView
{
    /// <summary>Which segment.</summary>
    [Id(0)] public required int Segment { get; init; }

    /// <summary>Steps whose blended latents are durable.</summary>
    [Id(1)] public required int CompletedSteps { get; init; }

    /// <summary>Windows of the step in hand that have been accepted here.</summary>
    [Id(2)] public IReadOnlyList<int> AcceptedWindows { get; init; } = [];

    /// <summary>Results refused because the window had one, since the activation.</summary>
    [Id(3)] public int Duplicates { get; init; }

    /// <summary>Results refused because their lease was not the newest, since the activation.</summary>
    [Id(4)] public int Stale { get; init; }

    /// <summary>Results of the last completed step that were accepted here: they can go when all who read them are through it, too.</summary>
    [Id(5)] public IReadOnlyList<WindowContribution> Results { get; init; } = [];
}
