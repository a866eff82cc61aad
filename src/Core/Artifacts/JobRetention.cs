namespace HunyuanPortrait.Core.Artifacts;

/// <summary>How long the artifacts of a job are kept.</summary>
/// <param name="EndedAt">When the job succeeded, failed or was cancelled.</param>
/// <param name="KeepFor">How long its artifacts are kept from then on; zero: not at all.</param>
public readonly record struct JobRetention(DateTimeOffset EndedAt, TimeSpan KeepFor)
{
    /// <summary>Whether they may go now. A time before the job's end, of a clock that is behind, is too early.</summary>
    public bool IsOver(DateTimeOffset now) => now - EndedAt >= KeepFor;
}
