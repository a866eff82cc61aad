using HunyuanPortrait.Grains.Dispatch;
using HunyuanPortrait.Grains.Interfaces.Dispatch;

namespace HunyuanPortrait.Grains.Hosting;

/// <summary>Wakes the pool, which wakes the jobs that have not ended: a cluster that was restarted goes on by itself.</summary>
internal sealed class PoolLifecycle(IGrainFactory grains) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(PoolLifecycle), ServiceLifecycleStage.Active + 1, StartAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        grains.GetGrain<IGpuPoolGrain>(PoolNames.Default).GetAsync(cancellationToken).Ignore();
        return Task.CompletedTask;
    }
}
