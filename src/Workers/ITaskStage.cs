using HunyuanPortrait.Core.Execution;

namespace HunyuanPortrait.Workers;

/// <summary>Runs the tasks of one kind.</summary>
internal interface ITaskStage
{
    Task<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken);
}
