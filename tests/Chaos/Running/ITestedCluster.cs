using HunyuanPortrait.Cli.Processes;
using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Chaos.Running;

/// <summary>What a silo does.</summary>
internal enum SiloRole
{
    /// <summary>Jobs, segments, the pool.</summary>
    Control,

    /// <summary>A device.</summary>
    Gpu,
}

/// <summary>Where the parts of a cluster under test are.</summary>
/// <param name="Folder">Of the run; everything that it leaves is here.</param>
/// <param name="RedisPort">On the loopback address.</param>
/// <param name="BlobConnection">Of the blob server; null: the store is a folder.</param>
internal sealed record ClusterPlace(string Folder, int RedisPort, string? BlobConnection)
{
    /// <summary>Of a store that is a folder.</summary>
    public string Store => Path.Combine(Folder, "store");

    /// <summary>Every silo process writes the file of its name here (<see cref="Storage.Histories.HistoryFile"/>).</summary>
    public string Histories => Path.Combine(Folder, "histories");

    /// <summary>What processes write to their terminals.</summary>
    public string Logs => Path.Combine(Folder, "logs");
}

/// <summary>One silo process.</summary>
/// <param name="Role">What it does.</param>
/// <param name="Number">Which silo of its role, counted from 0.</param>
/// <param name="Start">How often it was started, counted from 1.</param>
internal readonly record struct SiloName(SiloRole Role, int Number, int Start)
{
    /// <summary>Of the process, its log and its history: <c>control-0.1</c>.</summary>
    public override string ToString() => $"{(Role == SiloRole.Control ? "control" : "gpu")}-{Number}.{Start}";
}

/// <summary>What a run needs to know of the product.</summary>
internal interface ITestedCluster
{
    /// <summary>The tasks of the job that is submitted.</summary>
    TaskPlan Plan { get; }

    /// <summary>What one machine without a cluster computes for it.</summary>
    ReadOnlyMemory<byte> Expected { get; }

    /// <summary>Tasks that a GPU silo has in hand at most.</summary>
    int SlotsOfGpuSilo { get; }

    /// <summary>How a silo is started.</summary>
    ChildCommand Silo(SiloName silo, ClusterPlace place);

    /// <summary>Opens the way in; the cluster is running.</summary>
    Task<IJobClient> ConnectAsync(ClusterPlace place, CancellationToken cancellationToken);
}

/// <summary>The way into a cluster. Every call goes on until the cluster has answered, whatever is being done to it.</summary>
internal interface IJobClient : IAsyncDisposable
{
    /// <summary>Submits the job.</summary>
    /// <returns>Its id.</returns>
    Task<string> SubmitAsync(CancellationToken cancellationToken);

    /// <summary>Waits until the job has succeeded.</summary>
    /// <returns>Its result.</returns>
    /// <exception cref="InvalidOperationException">It ended in another way; the message says how.</exception>
    Task<ReadOnlyMemory<byte>> WaitForResultAsync(string id, CancellationToken cancellationToken);
}
