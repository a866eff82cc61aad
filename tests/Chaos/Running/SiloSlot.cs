using HunyuanPortrait.Cli.Processes;

namespace HunyuanPortrait.Chaos.Running;

/// <summary>One silo of the cluster, through all its processes. Thread-safe.</summary>
internal sealed class SiloSlot(ITestedCluster cluster, ClusterPlace place, SiloRole role, int number) : IAsyncDisposable
{
    private const int Attempts = 5;

    private readonly SemaphoreSlim starting = new(1);
    private readonly Lock gate = new();
    private ChildProcess? process;

    /// <summary>The newest process.</summary>
    public SiloName Name { get; private set; } = new(role, number, 0);

    public ChildProcess Process => process ?? throw new InvalidOperationException($"{Name} is not running.");

    public bool IsRunning => Running is not null;

    /// <summary>The process that is running, with its name; null while there is none.</summary>
    public RunningSilo? Running
    {
        get
        {
            lock (gate)
                return process is { HasExited: false } alive ? new RunningSilo(this, Name, alive) : null;
        }
    }

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
        var ended = process;
        lock (gate)
            (process, Name) = (null, Name with { Start = Name.Start + 1 });
        if (ended is not null)
            await ended.DisposeAsync();
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

/// <summary>A silo at a moment: it may end at any other.</summary>
/// <param name="Slot">Goes on with other processes.</param>
/// <param name="Name">Of this one.</param>
/// <param name="Process">This one.</param>
internal sealed record RunningSilo(SiloSlot Slot, SiloName Name, ChildProcess Process);
