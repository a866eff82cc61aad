using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Core.Dispatch;

/// <summary>What the queue has to know about a job.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Tenant">Who pays for it.</param>
/// <param name="Priority">Higher goes first among the tenant's jobs.</param>
/// <param name="SubmittedAt">Earlier goes first among equals.</param>
public sealed record JobTicket(string JobId, string Tenant, int Priority, DateTimeOffset SubmittedAt);

/// <summary>One task of one job.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Task">Its task.</param>
public readonly record struct JobTask(string JobId, TaskId Task);

/// <summary>What a tenant may have.</summary>
/// <param name="Weight">Its part of the devices is its weight over the weights of all who wait; greater than 0.</param>
/// <param name="MaximumConcurrentTasks">Most tasks of it that are leased at a time, at least 1.</param>
public sealed record TenantShare(double Weight = 1, int MaximumConcurrentTasks = int.MaxValue);
