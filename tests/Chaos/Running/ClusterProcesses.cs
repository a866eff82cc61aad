using System.Collections.Immutable;
using HunyuanPortrait.Cli.Processes;
using HunyuanPortrait.Storage.Tests.Azure;

namespace HunyuanPortrait.Chaos.Running;

/// <summary>The size of a cluster under test.</summary>
/// <param name="ControlSilos">Silos with the role control.</param>
/// <param name="GpuSilos">Silos with the role gpu.</param>
/// <param name="HasBlobServer">Whether the store is Azurite; otherwise it is a folder.</param>
internal sealed record ClusterSize(int ControlSilos, int GpuSilos, bool HasBlobServer);

/// <summary>All processes of a cluster under test; all are dead when it is disposed.</summary>
internal sealed class ClusterProcesses : IAsyncDisposable
{
    private AzuriteServer? blobs;
    private RedisServer? redis;

    public ImmutableArray<SiloSlot> Control { get; private set; } = [];

    public ImmutableArray<SiloSlot> Gpus { get; private set; } = [];

    public ClusterPlace Place { get; private set; } = new("", 0, null);

    public RedisServer Redis => redis ?? throw new InvalidOperationException("Redis was never started.");

    public AzuriteServer Blobs => blobs ?? throw new InvalidOperationException("There is no blob server.");

    /// <summary>Starts everything; whatever fails, nothing is left behind.</summary>
    public static async Task<ClusterProcesses> StartAsync(ITestedCluster cluster, ClusterSize size, string folder, CancellationToken cancellationToken)
    {
        var processes = new ClusterProcesses();
        try
        {
            await processes.StartPartsAsync(cluster, size, folder, cancellationToken);
            return processes;
        }
        catch
        {
            await processes.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Gpus.Concat(Control))
            await silo.DisposeAsync();
        if (redis is not null)
            await redis.DisposeAsync();
        blobs?.Dispose();
    }

    private async Task StartPartsAsync(ITestedCluster cluster, ClusterSize size, string folder, CancellationToken cancellationToken)
    {
        redis = await RedisServer.StartAsync(Path.Combine(folder, "redis"), cancellationToken);
        if (size.HasBlobServer)
            blobs = await AzuriteServer.StartAsync(Path.Combine(folder, "blobs"), cancellationToken);
        Place = new ClusterPlace(folder, redis.Port, blobs?.ConnectionString);
        Directory.CreateDirectory(Place.Histories);
        Control = Silos(cluster, SiloRole.Control, size.ControlSilos);
        Gpus = Silos(cluster, SiloRole.Gpu, size.GpuSilos);

        // The first one makes the cluster that the others join.
        await Control[0].StartAsync(Control[0].Name, cancellationToken);
        await Task.WhenAll(Control.Skip(1).Concat(Gpus).Select(silo => silo.StartAsync(silo.Name, cancellationToken)));
    }

    private ImmutableArray<SiloSlot> Silos(ITestedCluster cluster, SiloRole role, int count) =>
        [.. Enumerable.Range(0, count).Select(number => new SiloSlot(cluster, Place, role, number))];
}
