using HunyuanPortrait.Grains.Interfaces.Tasks;
using Microsoft.Extensions.Logging;

namespace HunyuanPortrait.Grains.Workers;

internal sealed partial class GpuWorker
{
    [LoggerMessage(EventId = 6130, Level = LogLevel.Debug, Message = "{Worker} could not reach the pool: {Reason}")]
    private static partial void LogPoolUnavailable(ILogger logger, string worker, string reason);

    [LoggerMessage(EventId = 6131, Level = LogLevel.Information, Message = "{Worker} stopped {Task} and gave it back")]
    private static partial void LogStopped(ILogger logger, string worker, TaskName task);

    [LoggerMessage(EventId = 6132, Level = LogLevel.Warning, Message = "{Worker} failed at {Task}")]
    private static partial void LogFailed(ILogger logger, Exception failure, string worker, TaskName task);

    [LoggerMessage(EventId = 6133, Level = LogLevel.Debug, Message = "{Worker} could not deliver {Task} yet: {Reason}")]
    private static partial void LogNotDelivered(ILogger logger, string worker, TaskName task, string reason);

    [LoggerMessage(EventId = 6134, Level = LogLevel.Information, Message = "{Worker} lost its lease of {Task}")]
    private static partial void LogLost(ILogger logger, string worker, TaskName task);
}
