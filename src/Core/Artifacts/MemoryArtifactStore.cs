using System.Globalization;
using System.Runtime.CompilerServices;

namespace HunyuanPortrait.Core.Artifacts;

/// <summary>Artifacts in memory, for one process and its lifetime: for tests and for measuring everything but the store.</summary>
/// <param name="clock">Says when something was written.</param>
public sealed class MemoryArtifactStore(TimeProvider clock) : IArtifactStore
{
    private readonly SortedDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private long version;

    /// <inheritdoc/>
    public async Task<CreateOutcome> CreateAsync(ArtifactKey key, Stream content, CancellationToken cancellationToken = default)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
        lock (gate)
            return entries.TryAdd(key.Value, NewEntry(copy.ToArray())) ? CreateOutcome.Created : CreateOutcome.Exists;
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(ArtifactKey key, CancellationToken cancellationToken = default) =>
        Task.FromResult<Stream?>(Find(key) is { } entry ? new MemoryStream(entry.Content, writable: false) : null);

    /// <inheritdoc/>
    public Task<StoredRecord?> ReadAsync(ArtifactKey key, CancellationToken cancellationToken = default) =>
        Task.FromResult(Find(key) is { } entry ? new StoredRecord(entry.Content, entry.ETag) : null);

    /// <inheritdoc/>
    public Task<ReplaceOutcome> ReplaceAsync(
        ArtifactKey key, ReadOnlyMemory<byte> content, string? expectedETag, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            if (entries.GetValueOrDefault(key.Value)?.ETag != expectedETag)
                return Task.FromResult(ReplaceOutcome.Conflict);
            var entry = NewEntry(content.ToArray());
            entries[key.Value] = entry;
            return Task.FromResult(new ReplaceOutcome(entry.ETag));
        }
    }

    /// <inheritdoc/>
    public Task<DeleteOutcome> DeleteAsync(ArtifactKey key, string? expectedETag = null, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(key.Value, out var entry))
                return Task.FromResult(DeleteOutcome.Missing);
            if (expectedETag is not null && entry.ETag != expectedETag)
                return Task.FromResult(DeleteOutcome.Conflict);
            entries.Remove(key.Value);
            return Task.FromResult(DeleteOutcome.Deleted);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArtifactInfo> ListAsync(
        ArtifactKey? folder = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArtifactInfo[] found;
        lock (gate)
        {
            var start = folder is null ? "" : folder.Value + '/';
            found = [.. entries
                .Where(pair => pair.Key.StartsWith(start, StringComparison.Ordinal))
                .Select(pair => new ArtifactInfo(ArtifactKey.Parse(pair.Key), pair.Value.Content.Length, pair.Value.Written))];
        }

        foreach (var info in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return info;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    private Entry? Find(ArtifactKey key)
    {
        lock (gate)
            return entries.GetValueOrDefault(key.Value);
    }

    private Entry NewEntry(byte[] content) => new(content, (++version).ToString(CultureInfo.InvariantCulture), clock.GetUtcNow());

    private sealed record Entry(byte[] Content, string ETag, DateTimeOffset Written);
}
