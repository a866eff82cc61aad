using HunyuanPortrait.Core.Networks;

namespace HunyuanPortrait.Inference.Slots;

/// <summary>
/// The networks of one device. A graph file is loaded at its first use and shared by everyone who asks for it again; runs pass through the
/// device's slots. The networks it returns are leases: disposing one gives it back, the session lives until the pool is disposed.
/// </summary>
/// <remarks>Thread-safe. Graphs given as bytes have no identity to share by, so each lease of one owns its session.</remarks>
public sealed class NetworkPool : INetworkLoader, IDisposable
{
    private readonly INetworkLoader loader;
    private readonly DeviceSlots slots;
    private readonly Lock gate = new();
    private readonly Dictionary<string, INetwork> loaded = new(StringComparer.Ordinal);
    private bool disposed;

    /// <summary>Creates an empty pool.</summary>
    /// <param name="loader">Loads what is not there yet.</param>
    /// <param name="concurrentRuns">Runs at a time on the device; 1 unless it is known to gain from more.</param>
    public NetworkPool(INetworkLoader loader, int concurrentRuns = 1)
    {
        this.loader = loader;
        slots = new DeviceSlots(concurrentRuns);
    }

    /// <summary>Graph files that are loaded now.</summary>
    public int LoadedCount
    {
        get
        {
            lock (gate)
                return loaded.Count;
        }
    }

    /// <inheritdoc/>
    public INetwork Load(NetworkSource source)
    {
        if (source.Path is null)
            return new NetworkLease(loader.Load(source), slots, ownsNetwork: true);
        var key = Path.GetFullPath(source.Path);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (!loaded.TryGetValue(key, out var network))
            {
                network = loader.Load(source);
                loaded.Add(key, network);
            }
            return new NetworkLease(network, slots, ownsNetwork: false);
        }
    }

    /// <summary>Unloads everything. Leases must not be used any more.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
            foreach (var network in loaded.Values)
                network.Dispose();
            loaded.Clear();
            slots.Dispose();
        }
    }
}
