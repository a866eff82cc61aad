using System.Collections.Immutable;
using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Core.Leases;

/// <summary>The result of a task: an immutable artifact.</summary>
/// <param name="Key">Where it is; contains the epoch.</param>
/// <param name="Sha256">Of its content, lower-case hexadecimal.</param>
public sealed record TaskResult(string Key, string Sha256);

/// <summary>What an owner says to a result.</summary>
public enum AcceptAnswer
{
    /// <summary>It is the task's result from now on.</summary>
    Accepted,

    /// <summary>The task has a result already, maybe this one.</summary>
    Duplicate,

    /// <summary>The lease is not the task's newest.</summary>
    Stale,
}

/// <summary>What an owner must remember; all else may be forgotten.</summary>
/// <param name="Incarnation">Of the activation that wrote it; 0 before the first.</param>
/// <param name="ClosedSteps">Every task of the steps below this one is accepted and its result is forgotten.</param>
/// <param name="Accepted">The results of the other accepted tasks.</param>
public sealed record LedgerSnapshot(int Incarnation, int ClosedSteps, ImmutableDictionary<TaskId, TaskResult> Accepted)
{
    /// <summary>What an owner remembers that never lived.</summary>
    public static LedgerSnapshot Empty { get; } = new(0, 0, ImmutableDictionary<TaskId, TaskResult>.Empty);
}

/// <summary>What an owner has counted since its activation.</summary>
/// <param name="Opened">Leases.</param>
/// <param name="Accepted">Results taken.</param>
/// <param name="Duplicates">Results refused because the task had one.</param>
/// <param name="Stale">Results refused because their lease was not the newest.</param>
public readonly record struct LedgerCounts(int Opened, int Accepted, int Duplicates, int Stale);
