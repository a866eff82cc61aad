using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Grains.Interfaces.Tasks;
using Microsoft.Extensions.Logging;

namespace HunyuanPortrait.Grains.Jobs;

public sealed partial class RenderJobGrain
{
    [LoggerMessage(EventId = 6110, Level = LogLevel.Information, Message = "Job {Job} of {Tenant} was submitted: {Frames} frames")]
    private static partial void LogSubmitted(ILogger logger, string job, string tenant, int frames);

    [LoggerMessage(EventId = 6111, Level = LogLevel.Information, Message = "Job {Job} went from {From} to {To} (paused: {IsPaused})")]
    private static partial void LogChanged(ILogger logger, string job, JobState from, JobState to, bool isPaused);

    [LoggerMessage(EventId = 6112, Level = LogLevel.Warning, Message = "Task {Task} failed on {Worker} ({Attempt}. time): {Code}: {Reason}")]
    private static partial void LogTaskFailed(ILogger logger, TaskName task, string worker, string code, string reason, int attempt);
}
