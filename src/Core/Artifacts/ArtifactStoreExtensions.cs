using System.Runtime.InteropServices;

namespace HunyuanPortrait.Core.Artifacts;

/// <summary>What every store can do with its few members.</summary>
public static class ArtifactStoreExtensions
{
    /// <summary>Writes an artifact that nobody has written before, from memory.</summary>
    public static async Task<CreateOutcome> CreateAsync(
        this IArtifactStore store, ArtifactKey key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        await using var stream = Wrap(content);
        return await store.CreateAsync(key, stream, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes everything in a folder. What is written there meanwhile may stay.</summary>
    /// <returns>How many artifacts were removed.</returns>
    public static async Task<int> DeleteFolderAsync(this IArtifactStore store, ArtifactKey folder, CancellationToken cancellationToken = default)
    {
        var removed = 0;
        await foreach (var info in store.ListAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            if (await store.DeleteAsync(info.Key, cancellationToken: cancellationToken).ConfigureAwait(false) == DeleteOutcome.Deleted)
                removed++;
        }

        return removed;
    }

    private static MemoryStream Wrap(ReadOnlyMemory<byte> content) => MemoryMarshal.TryGetArray(content, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(content.ToArray(), writable: false);
}
