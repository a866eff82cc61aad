using HunyuanPortrait.Grains.Interfaces.Gpus;
using HunyuanPortrait.Grains.Workers;
using Microsoft.Extensions.Options;

namespace HunyuanPortrait.Grains.Hosting;

/// <summary>Warms the models up when the silo has started, and only then asks for work; stops asking before anything else stops.</summary>
internal sealed class DeviceLifecycle(
    SiloDevices devices, ILocalSiloDetails silo, IGrainFactory grains, IOptions<CoordinationOptions> options) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(DeviceLifecycle), ServiceLifecycleStage.Active + 1, StartAsync, StopAsync);

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(devices.Executors.Select(executor => executor.Models.WarmUpAsync(cancellationToken)));
        await Task.WhenAll(Grains().Select(gpu => gpu.StartAsync(cancellationToken)));
    }

    private Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Grains().Select(gpu => gpu.DrainAsync(options.Value.DrainGrace, cancellationToken)));

    private IEnumerable<IGpuGrain> Grains() =>
        Enumerable.Range(0, devices.Executors.Count).Select(device => grains.GetGrain<IGpuGrain>(GpuNames.Of(silo.SiloAddress, device)));
}
