namespace HunyuanPortrait.Core.Dispatch;

/// <summary>A task in a worker's hands.</summary>
/// <param name="Number">Names the lease in this queue; never reused.</param>
/// <param name="Task">What is leased.</param>
/// <param name="Lane">Kind and model.</param>
/// <param name="Worker">Who has it.</param>
/// <param name="Deadline">When it ends unless it is renewed.</param>
/// <param name="Attempt">How often the task has been leased, this lease included.</param>
/// <param name="Helps">
/// The number of the straggler's lease that this one runs beside; null for a first lease. Both work under one owner epoch: whoever comes first is
/// accepted, the other is a duplicate.
/// </param>
public sealed record TaskLease(long Number, JobTask Task, DispatchLane Lane, string Worker, TimeSpan Deadline, int Attempt, long? Helps);

/// <summary>What waits in one lane, for autoscaling and for telling a user what a job waits for.</summary>
/// <param name="Lane">Kind and model.</param>
/// <param name="Ready">Tasks that a worker could take now; those of paused jobs do not count.</param>
/// <param name="Leased">Tasks in workers' hands.</param>
/// <param name="OldestWait">How long the longest waiting of the ready tasks has been ready; zero when there is none.</param>
public sealed record LaneBacklog(DispatchLane Lane, int Ready, int Leased, TimeSpan OldestWait);
