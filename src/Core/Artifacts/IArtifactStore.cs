using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Core.Artifacts;

/// <summary>
/// Everything that outlives a process: immutable artifacts of any size, and small records that are replaced under a check of their version.
/// </summary>
/// <remarks>
/// What is written appears whole or not at all, and is durable before the call returns. All members may be called concurrently, also by several
/// processes on one store. A call that ends with an exception may or may not have happened.
/// Every member throws <see cref="RenderException"/> (HP4xxx) when the store refuses or cannot be reached; <see cref="RenderException.IsTransient"/>
/// says whether the same call may succeed later.
/// </remarks>
public interface IArtifactStore
{
    /// <summary>Writes an artifact that nobody has written before. Of several callers exactly one is told that it created the artifact.</summary>
    /// <param name="key">Where; the same key is never written twice.</param>
    /// <param name="content">Read from its position to its end; it stays open.</param>
    /// <param name="cancellationToken">Nothing is left when it is cancelled in time.</param>
    Task<CreateOutcome> CreateAsync(ArtifactKey key, Stream content, CancellationToken cancellationToken = default);

    /// <summary>Opens an artifact for reading, from its start. The stream never mixes two contents.</summary>
    /// <returns>A stream that the caller disposes; null when there is nothing under the key.</returns>
    Task<Stream?> OpenReadAsync(ArtifactKey key, CancellationToken cancellationToken = default);

    /// <summary>Reads a whole record with its version.</summary>
    /// <returns>Null when there is nothing under the key.</returns>
    Task<StoredRecord?> ReadAsync(ArtifactKey key, CancellationToken cancellationToken = default);

    /// <summary>Writes a record, if it still is in the version that the caller knows.</summary>
    /// <param name="key">Where.</param>
    /// <param name="content">The new content, whole.</param>
    /// <param name="expectedETag">The version that is replaced, from <see cref="ReadAsync"/> or this call; null: there must be nothing under the key.</param>
    /// <param name="cancellationToken">Cancels what has not happened yet.</param>
    Task<ReplaceOutcome> ReplaceAsync(ArtifactKey key, ReadOnlyMemory<byte> content, string? expectedETag, CancellationToken cancellationToken = default);

    /// <summary>Removes what is under a key. After a power failure it may be back.</summary>
    /// <param name="key">What.</param>
    /// <param name="expectedETag">The version that is removed; null: any.</param>
    /// <param name="cancellationToken">Cancels what has not happened yet.</param>
    Task<DeleteOutcome> DeleteAsync(ArtifactKey key, string? expectedETag = null, CancellationToken cancellationToken = default);

    /// <summary>Lists what is in a folder, at any depth, in the ordinal order of the keys.</summary>
    /// <param name="folder">The folder, which need not exist; null: the whole store.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>What was there all the time while it was listed, and some of what came or went meanwhile.</returns>
    IAsyncEnumerable<ArtifactInfo> ListAsync(ArtifactKey? folder = null, CancellationToken cancellationToken = default);
}
