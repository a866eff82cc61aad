namespace HunyuanPortrait.Core.Jobs;

/// <summary>Why a job failed, as data.</summary>
/// <param name="Code">Stable code of <c>docs/troubleshooting.md</c>, <c>HP1203</c>.</param>
/// <param name="Stage">What the job was doing.</param>
/// <param name="Message">What is wrong, where, and what to do about it.</param>
/// <param name="IsTransient">True when the same job may succeed later without any change.</param>
public sealed record JobFailure(string Code, JobState Stage, string Message, bool IsTransient);
