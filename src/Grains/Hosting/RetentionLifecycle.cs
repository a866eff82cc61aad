using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HunyuanPortrait.Grains.Hosting;

/// <summary>
/// Removes what ended jobs leave: after a grace time what was not promised to stay, after the retention everything. Every control silo does it, because
/// doing it twice does no harm.
/// </summary>
internal sealed partial class RetentionLifecycle(
    IArtifactStore store, TimeProvider clock, IGrainFactory grains, IOptions<RetentionOptions> options, ILogger<RetentionLifecycle> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource stopped = new();
    private Task sweeping = Task.CompletedTask;

    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(RetentionLifecycle), ServiceLifecycleStage.Active + 1, StartAsync, StopAsync);

    /// <summary>Looks once.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await foreach (var mark in JobArtifacts.EndedAsync(store, cancellationToken))
        {
            var (retention, now) = (mark.Retention, clock.GetUtcNow());
            if (retention.IsOver(now))
            {
                // In the job's turn, so that nobody submits the job again meanwhile.
                await grains.GetGrain<IRenderJobGrain>(retention.Job).ExpireAsync(retention.EndedAt, cancellationToken);
                await JobArtifacts.UnmarkAsync(store, mark, cancellationToken);
                LogExpired(logger, retention.Job, retention.EndedAt);
            }
            else if (retention.MayTrim(now))
            {
                var removed = await JobArtifacts.TrimAsync(store, mark, cancellationToken);
                LogTrimmed(logger, retention.Job, removed);
            }
        }

        if (await MotionWeeks.SweepAsync(store, options.Value.KeepFor, clock.GetUtcNow(), cancellationToken) is > 0 and var tokens)
            LogMotionRemoved(logger, tokens);
    }

    public void Dispose() => stopped.Dispose();

    private Task StartAsync(CancellationToken cancellationToken)
    {
        sweeping = Task.Run(LoopAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopped.CancelAsync();
        await sweeping.WaitAsync(cancellationToken);
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(options.Value.Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopped.Token))
                await TrySweepAsync();
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task TrySweepAsync()
    {
        try
        {
            await SweepAsync(stopped.Token);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The store is away, or a silo has gone: what may go stays until the next look.
            LogNotSwept(logger, failure.Message);
        }
    }

    [LoggerMessage(EventId = 6160, Level = LogLevel.Information, Message = "Job {Job} was removed: it had ended at {EndedAt:O}")]
    private static partial void LogExpired(ILogger logger, string job, DateTimeOffset endedAt);

    [LoggerMessage(EventId = 6161, Level = LogLevel.Debug, Message = "{Count} artifacts of the ended job {Job} were removed")]
    private static partial void LogTrimmed(ILogger logger, string job, int count);

    [LoggerMessage(EventId = 6163, Level = LogLevel.Information, Message = "{Count} artifacts of motion tracks that no job names were removed")]
    private static partial void LogMotionRemoved(ILogger logger, int count);

    [LoggerMessage(EventId = 6162, Level = LogLevel.Warning, Message = "Ended jobs were not looked through: {Reason}")]
    private static partial void LogNotSwept(ILogger logger, string reason);
}
