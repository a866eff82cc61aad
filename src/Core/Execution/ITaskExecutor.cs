using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;

namespace HunyuanPortrait.Core.Execution;

/// <summary>One task in the hands of a worker.</summary>
/// <param name="Job">The job.</param>
/// <param name="Task">Which of its tasks.</param>
/// <param name="Epoch">Of the lease; the result lies under it.</param>
/// <param name="Inputs">Results of other tasks that this one reads, in the order of their indices; of motion tasks, where the motion track is.</param>
public sealed record TaskAssignment(string Job, TaskId Task, LeaseEpoch Epoch, IReadOnlyList<string> Inputs)
{
    /// <summary>Where the result lies.</summary>
    public ArtifactKey ResultKey => ArtifactKeys.Result(Job, Task, Epoch);
}

/// <summary>What a task left.</summary>
/// <param name="Result">Its artifact.</param>
/// <param name="FrameCount">For <see cref="TaskKind.PrepareMotion"/>: kept driving frames; 0 otherwise.</param>
public sealed record TaskOutcome(TaskResult Result, int FrameCount = 0);

/// <summary>Runs tasks on one device. Safe for concurrent use.</summary>
public interface ITaskExecutor
{
    /// <summary>Models of the device.</summary>
    IDeviceModels Models { get; }

    /// <summary>Jobs whose conditioning is in memory.</summary>
    IReadOnlyCollection<string> WarmJobs { get; }

    /// <summary>Runs one task. The same task leaves the same content, whoever runs it and however often.</summary>
    /// <exception cref="Errors.RenderException">The task cannot be done; <see cref="Errors.RenderException.IsTransient"/> says whether it is worth another attempt.</exception>
    Task<TaskOutcome> ExecuteAsync(TaskAssignment assignment, CancellationToken cancellationToken);

    /// <summary>Gets motion tokens into memory before a task needs them.</summary>
    Task PrefetchMotionAsync(string motion, int group, CancellationToken cancellationToken);

    /// <summary>Forgets what is in memory of a job.</summary>
    void Forget(string job);
}
