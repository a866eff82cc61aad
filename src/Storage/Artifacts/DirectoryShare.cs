using System.Text.Json;
using HunyuanPortrait.Storage.Files;

namespace HunyuanPortrait.Storage.Artifacts;

/// <summary>
/// A process's place in a directory that the processes of one cluster share: <c>.store/processes/{id}</c> with the name of its cluster, a lock that
/// lives as long as the process, and what it has half-written. A place whose lock is free belongs to a dead process and is cleared away by the next
/// one that opens the directory.
/// </summary>
internal sealed class DirectoryShare : IDisposable
{
    private const string LockName = "lock";
    private const string ClusterName = "cluster.json";

    private readonly FileLock life;
    private readonly string place;

    private DirectoryShare(string place, FileLock life)
    {
        this.place = place;
        this.life = life;
    }

    /// <summary>Joins the processes that use a directory.</summary>
    /// <param name="root">The directory, absolute; it exists.</param>
    /// <param name="cluster">The cluster that this process belongs to.</param>
    /// <param name="cancellationToken">Ends waiting for another process that is just joining.</param>
    /// <exception cref="Core.Errors.RenderException">HP4203: a living process of another cluster uses it; HP4204: files cannot be locked there.</exception>
    public static async Task<DirectoryShare> JoinAsync(string root, string cluster, CancellationToken cancellationToken)
    {
        var processes = Path.Combine(root, ".store", "processes");
        Directory.CreateDirectory(processes);
        var gatePath = Path.Combine(root, ".store", "join");
        using var gate = await FileLock.TakeAsync(gatePath, cancellationToken).ConfigureAwait(false);
        RequireLocks(root, gatePath);
        foreach (var other in Directory.GetDirectories(processes))
            RequireSameCluster(root, other, cluster);
        var place = Path.Combine(processes, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(place);
        var member = new Member(cluster, Environment.MachineName, Environment.ProcessId);
        await File.WriteAllTextAsync(Path.Combine(place, ClusterName), JsonSerializer.Serialize(member), cancellationToken).ConfigureAwait(false);
        return new DirectoryShare(place, FileLock.TryTake(Path.Combine(place, LockName))!);
    }

    /// <summary>A path for something half-written, on the file system of the directory.</summary>
    public string NewPartialPath() => Path.Combine(place, $"{Guid.NewGuid():N}.partial");

    /// <summary>Leaves the directory.</summary>
    public void Dispose()
    {
        life.Dispose();
        try
        {
            Remove(place);
        }
        catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
        {
            // The place looks like that of a dead process now: the next one that opens the directory clears it away, or says why it cannot.
        }
    }

    // Where locks are ignored, neither another cluster nor another writer would be noticed.
    private static void RequireLocks(string root, string gatePath)
    {
        if (FileLock.TryTake(gatePath) is not { } second)
            return;
        second.Dispose();
        throw StorageErrors.CannotLock(root);
    }

    private static void RequireSameCluster(string root, string place, string cluster)
    {
        if (IsDead(place))
        {
            Remove(place);
            return;
        }

        var member = JsonSerializer.Deserialize<Member>(File.ReadAllText(Path.Combine(place, ClusterName)))!;
        if (member.Cluster != cluster)
            throw StorageErrors.OtherCluster(root, cluster, $"'{member.Cluster}' (process {member.ProcessId} on {member.Host})");
    }

    private static bool IsDead(string place)
    {
        try
        {
            using var free = FileLock.TryTake(Path.Combine(place, LockName), FileMode.Open);
            return free is not null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
    }

    // The process that leaves and one that joins may both remove it.
    private static void Remove(string place)
    {
        try
        {
            Directory.Delete(place, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
        }
    }

    private sealed record Member(string Cluster, string Host, int ProcessId);
}
