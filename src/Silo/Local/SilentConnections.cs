using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace HunyuanPortrait.Silo.Local;

/// <summary>A silo that is alone needs no port: its address is a name, and nobody ever connects.</summary>
internal static class SilentConnections
{
    /// <summary>Replaces what would listen on the network.</summary>
    public static ISiloBuilder ListenNowhere(this ISiloBuilder silo)
    {
        foreach (var listener in silo.Services.Where(each => each.IsKeyedService && each.ServiceType == typeof(IConnectionListenerFactory)).ToArray())
        {
            silo.Services.Remove(listener);
            silo.Services.AddKeyedSingleton<IConnectionListenerFactory, NobodyConnects>(listener.ServiceKey);
        }

        return silo;
    }

    private sealed class NobodyConnects : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IConnectionListener>(new Listener(endpoint));
    }

    private sealed class Listener(EndPoint endPoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await unbound.Task.WaitAsync(cancellationToken).ConfigureAwait(false);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            unbound.TrySetResult(null);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
