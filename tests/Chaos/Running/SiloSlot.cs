using HunyuanPortrait.Cli.Processes;

namespace HunyuanPortrait.Chaos.Running;

/// <summary>One silo of the cluster, through all its processes. Thread-safe.</summary>
internal sealed class SiloSlot(ITestedCluster cluster, ClusterPlace place, SiloRole role, int number) : IAsyncDisposable
{
    private const int Attempts = 5;

    private readonly SemaphoreSlim starting = new(1);
    private ChildProcess? process;

    /// <summary>The newest process.</summary>
    public SiloName Name { get; private set; } = new(role, number, 0);

    public ChildProcess Process => process ?? throw new InvalidOperationException($"{Name} is not running.");

    public bool IsRunning => process is { HasExited: false };

    /// <summary>Whether it was ready once and has ended since.</summary>
    public bool HasEnded => process is { HasExited: true };

    /// <summary>Starts it, and again when it does not get ready, as whoever looks after a cluster would.</summary>
    /// <param name="after">The process that has ended; nothing happens when somebody has started another one since.</param>
    /// <param name="cancellationToken">Ends waiting for it; it is not left behind.</param>
    public async Task StartAsync(SiloName after, CancellationToken cancellationToken)
    {
        await starting.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 1; Name == after && !IsRunning; attempt++)
                after = await TryStartAsync(attempt < Attempts, cancellationToken);
        }
        finally
        {
            starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        starting.Dispose();
    }

    private async Task<SiloName> TryStartAsync(bool mayFail, CancellationToken cancellationToken)
    {
        if (process is not null)
            await process.DisposeAsync();
        process = null;
        Name = Name with { Start = Name.Start + 1 };
        try
        {
            process = await ChildProcess.StartAsync(cluster.Silo(Name, place), place.Logs, cancellationToken);
        }
        catch (InvalidOperationException) when (mayFail)
        {
            // Its log says why.
        }

        return Name;
    }
}
