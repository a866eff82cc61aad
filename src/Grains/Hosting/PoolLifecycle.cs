using HunyuanPortrait.Grains.Dispatch;
using HunyuanPortrait.Grains.Interfaces.Dispatch;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HunyuanPortrait.Grains.Hosting;

/// <summary>
/// Wakes the pool, which wakes the jobs that have not ended: a cluster that was restarted goes on by itself, and so does one whose pool died while no
/// worker asks.
/// </summary>
internal sealed partial class PoolLifecycle(
    IGrainFactory grains, TimeProvider clock, IOptions<CoordinationOptions> options, ILogger<PoolLifecycle> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource stopped = new();
    private Task waking = Task.CompletedTask;

    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(PoolLifecycle), ServiceLifecycleStage.Active + 1, StartAsync, StopAsync);

    public void Dispose() => stopped.Dispose();

    private Task StartAsync(CancellationToken cancellationToken)
    {
        waking = Task.Run(WakeAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopped.CancelAsync();
        await waking;
    }

    private async Task WakeAsync()
    {
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<IGpuPoolGrain>(PoolNames.Default).WakeAsync(stopped.Token);
                await Task.Delay(options.Value.WakeInterval, clock, stopped.Token);
            }
            catch (Exception failure)
            {
                // The pool's silo has just gone: the next call finds or makes another. Or this one stops.
                LogUnavailable(logger, failure.Message);
                await Task.WhenAny(Task.Delay(options.Value.WakeInterval, clock, stopped.Token));
            }
        }
    }

    [LoggerMessage(EventId = 6150, Level = LogLevel.Debug, Message = "The pool could not be woken: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string reason);
}
