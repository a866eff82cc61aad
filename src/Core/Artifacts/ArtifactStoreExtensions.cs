using System.Runtime.InteropServices;
using System.Security.Cryptography;

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

    /// <summary>Opens an asset; its content is verified while it is read, at the latest when its end is read.</summary>
    /// <exception cref="Errors.RenderException">HP4202: there is no such asset; from the stream HP4201: the content does not match the hash.</exception>
    public static async Task<Stream> OpenAssetAsync(this IArtifactStore store, AssetId asset, CancellationToken cancellationToken = default)
    {
        var content = await store.OpenReadAsync(asset.Key, cancellationToken).ConfigureAwait(false) ?? throw ArtifactErrors.AssetMissing(asset);
        return new VerifiedStream(content, asset.Key, asset.Sha256);
    }

    /// <summary>Reads an artifact whose hash is known into memory.</summary>
    /// <returns>Null when there is nothing under the key.</returns>
    /// <exception cref="Errors.RenderException">HP4201: the content does not match the hash.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadVerifiedAsync(
        this IArtifactStore store, ArtifactKey key, string sha256, CancellationToken cancellationToken = default)
    {
        if (await store.ReadAsync(key, cancellationToken).ConfigureAwait(false) is not { } record)
            return null;
        var actual = Convert.ToHexStringLower(SHA256.HashData(record.Content.Span));
        return actual == sha256 ? record.Content : throw ArtifactErrors.ContentMismatch(key, sha256, actual);
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
