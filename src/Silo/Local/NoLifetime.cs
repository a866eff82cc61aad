using Microsoft.Extensions.Hosting;

namespace HunyuanPortrait.Silo.Local;

/// <summary>The program has its own way with signals.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
