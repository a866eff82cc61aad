using System.Runtime.CompilerServices;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Storage.Files;
using Microsoft.Win32.SafeHandles;

namespace HunyuanPortrait.Storage.Artifacts;

/// <summary>
/// Artifacts as files of a directory, which any number of processes of one cluster may share. Every file is written elsewhere, flushed, and renamed,
/// so that a process that dies at any moment leaves whole files only and no lock.
/// </summary>
/// <remarks>
/// The path of a file is its key; the store's own files are in <c>.store</c>. A version is checked and a name is given under a lock of the
/// kernel (<c>flock</c>), which dies with its process; content is written before, so the lock is held for a fraction of a millisecond.
/// </remarks>
public sealed class LocalArtifactStore : IArtifactStore, IDisposable
{
    // What is not larger is read at once.
    private const int StreamBuffer = 1 << 16;

    private readonly KeyFolders folders;
    private readonly KeyLocks locks;
    private readonly DirectoryShare share;

    private LocalArtifactStore(string root, DirectoryShare share)
    {
        this.share = share;
        folders = new KeyFolders(root);
        locks = new KeyLocks(Path.Combine(root, ".store", "keys"));
    }

    /// <summary>Opens a directory, and clears away what dead processes left half-written.</summary>
    /// <param name="directory">Created when missing. Its file system must have locks (a local one, or NFS 4).</param>
    /// <param name="cluster">The cluster that this process belongs to: only its processes may use the directory while one of them lives.</param>
    /// <param name="cancellationToken">Ends waiting for another process that is just opening it.</param>
    /// <exception cref="RenderException">HP4203: another cluster uses it; HP4204: it has no locks; HP4001, HP4002: it cannot be written.</exception>
    public static async Task<LocalArtifactStore> OpenAsync(string directory, string cluster, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(cluster);
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        try
        {
            FolderFlush.CreateFolder(root);
            var share = await DirectoryShare.JoinAsync(root, cluster, cancellationToken).ConfigureAwait(false);
            Directory.CreateDirectory(Path.Combine(root, ".store", "keys"));
            return new LocalArtifactStore(root, share);
        }
        catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
        {
            throw StorageErrors.WriteFailed(root, exception);
        }
    }

    /// <inheritdoc/>
    public Task<CreateOutcome> CreateAsync(ArtifactKey key, Stream content, CancellationToken cancellationToken = default)
    {
        var path = folders.PathOf(key);
        return OffTurn(async () =>
        {
            if (File.Exists(path))
                return CreateOutcome.Exists;
            using var file = PartialFile.Create(share.NewPartialPath(), path);
            await file.WriteAsync(content, cancellationToken).ConfigureAwait(false);
            using (await LockAsync(key, cancellationToken).ConfigureAwait(false))
            {
                if (File.Exists(path))
                    return CreateOutcome.Exists;
                file.Place();
            }

            file.FlushName();
            return CreateOutcome.Created;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(ArtifactKey key, CancellationToken cancellationToken = default) => OffTurn<Stream?>(() =>
    {
        var path = folders.PathOf(key);
        var file = KeyFolders.OpenOrNull(path, FileOptions.SequentialScan);
        if (file is null)
            return Task.FromResult<Stream?>(null);
        if (RandomAccess.GetLength(file) > StreamBuffer)
            return Task.FromResult<Stream?>(new FileStream(file, FileAccess.Read, StreamBuffer));
        using (file)
            return Task.FromResult<Stream?>(new MemoryStream(Read(file, path), writable: false));
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<StoredRecord?> ReadAsync(ArtifactKey key, CancellationToken cancellationToken = default) =>
        OffTurn(() => Task.FromResult(Read(folders.PathOf(key))), cancellationToken);

    /// <inheritdoc/>
    public Task<ReplaceOutcome> ReplaceAsync(
        ArtifactKey key, ReadOnlyMemory<byte> content, string? expectedETag, CancellationToken cancellationToken = default)
    {
        var path = folders.PathOf(key);
        return OffTurn(async () =>
        {
            using var file = PartialFile.Create(share.NewPartialPath(), path);
            var written = file.Write(content);
            using (await LockAsync(key, cancellationToken).ConfigureAwait(false))
            {
                var current = VersionOf(path);
                if (current?.ETag != expectedETag)
                    return ReplaceOutcome.Conflict;
                written = file.Replace(current, written);
            }

            file.FlushName();
            return new ReplaceOutcome(written.ETag);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<DeleteOutcome> DeleteAsync(ArtifactKey key, string? expectedETag = null, CancellationToken cancellationToken = default)
    {
        var path = folders.PathOf(key);
        return OffTurn(async () =>
        {
            using (await LockAsync(key, cancellationToken).ConfigureAwait(false))
            {
                if (!File.Exists(path))
                    return DeleteOutcome.Missing;
                if (expectedETag is not null && VersionOf(path)?.ETag != expectedETag)
                    return DeleteOutcome.Conflict;
                Delete(path);
            }

            folders.RemoveEmptyAbove(path);
            return DeleteOutcome.Deleted;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArtifactInfo> ListAsync(
        ArtifactKey? folder = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        foreach (var info in folders.List(folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return info;
        }
    }

    /// <summary>Leaves the directory to others. Calls that are under way must have ended.</summary>
    public void Dispose() => share.Dispose();

    // Files block, and the caller may be a grain whose turn must not.
    private static Task<T> OffTurn<T>(Func<Task<T>> action, CancellationToken cancellationToken) => Task.Run(action, cancellationToken);

    private static StoredRecord? Read(string path)
    {
        using var file = KeyFolders.OpenOrNull(path);
        if (file is null)
            return null;
        var content = Read(file, path);
        return new StoredRecord(content, FileVersion.Of(file, content).ETag);
    }

    private static byte[] Read(SafeFileHandle file, string path)
    {
        try
        {
            var content = new byte[RandomAccess.GetLength(file)];
            for (int read, offset = 0; (read = RandomAccess.Read(file, content.AsSpan(offset), offset)) > 0; offset += read)
            {
            }

            return content;
        }
        catch (IOException exception)
        {
            throw StorageErrors.CannotRead(path, exception);
        }
    }

    private static FileVersion? VersionOf(string path)
    {
        using var file = KeyFolders.OpenOrNull(path);
        try
        {
            return file is null ? null : FileVersion.Of(file);
        }
        catch (IOException exception)
        {
            throw StorageErrors.CannotRead(path, exception);
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
        {
            throw StorageErrors.CannotWrite(path, exception.Message, exception);
        }
    }

    private async Task<KeyLocks.Held> LockAsync(ArtifactKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await locks.TakeAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
        {
            throw StorageErrors.WriteFailed(folders.PathOf(key), exception);
        }
    }
}
