namespace HunyuanPortrait.Core.Artifacts;

/// <summary>What stays of a job that has ended, and for how long.</summary>
/// <param name="Job">The job.</param>
/// <param name="EndedAt">When it succeeded, failed or was cancelled.</param>
/// <param name="Grace">From then on, artifacts that are not in <paramref name="Kept"/> may still be written, by workers that have not heard of it.</param>
/// <param name="KeepFor">How long <paramref name="Kept"/> stays from the job's end on; zero: not at all.</param>
/// <param name="Kept">Keys of the artifacts that stay longer than the grace time.</param>
public sealed record JobRetention(string Job, DateTimeOffset EndedAt, TimeSpan Grace, TimeSpan KeepFor, IReadOnlyList<string> Kept)
{
    /// <summary>Whether all that is not kept has been removed.</summary>
    public bool IsTrimmed { get; init; }

    /// <summary>Whether what is not kept may go now.</summary>
    public bool MayTrim(DateTimeOffset now) => !IsTrimmed && now - EndedAt >= Grace;

    /// <summary>Whether everything may go now. A time before the job's end, of a clock that is behind, is too early.</summary>
    public bool IsOver(DateTimeOffset now) => now - EndedAt >= KeepFor;
}

/// <summary>What a store says about a job that has ended.</summary>
/// <param name="Retention">What stays.</param>
/// <param name="ETag">Version of the mark.</param>
public sealed record RetentionMark(JobRetention Retention, string ETag);
