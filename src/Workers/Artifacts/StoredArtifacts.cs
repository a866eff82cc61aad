using System.Security.Cryptography;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Leases;

namespace HunyuanPortrait.Workers.Artifacts;

/// <summary>How tasks read and write artifacts.</summary>
internal static class StoredArtifacts
{
    /// <summary>Reads all of an artifact.</summary>
    /// <exception cref="Core.Errors.RenderException">HP5202: it is not there.</exception>
    public static async Task<byte[]> ReadAllAsync(this IArtifactStore store, ArtifactKey key, CancellationToken cancellationToken) =>
        await store.TryReadAllAsync(key, cancellationToken).ConfigureAwait(false) ?? throw ExecutionErrors.MissingArtifact(key.Value);

    /// <summary>Reads all of an artifact; null when there is none.</summary>
    public static async Task<byte[]?> TryReadAllAsync(this IArtifactStore store, ArtifactKey key, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenReadAsync(key, cancellationToken).ConfigureAwait(false);
        if (stream is null)
            return null;
        if (!stream.CanSeek)
        {
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
            return copy.ToArray();
        }

        var content = new byte[stream.Length];
        await stream.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
        return content;
    }

    /// <summary>Writes the result of a task; a result that is there already is the same.</summary>
    public static async Task<TaskResult> KeepAsync(
        this IArtifactStore store, ArtifactKey key, byte[] content, CancellationToken cancellationToken)
    {
        await store.CreateAsync(key, content, cancellationToken).ConfigureAwait(false);
        return new TaskResult(key.Value, Hash(content));
    }

    public static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
