using HunyuanPortrait.Core.Artifacts;

namespace HunyuanPortrait.Benchmarks.Scaling;

/// <summary>Counts what is asked of a store.</summary>
/// <param name="store">Does the work.</param>
internal sealed class CountingStore(IArtifactStore store) : IArtifactStore
{
    private long reads;
    private long writes;
    private long bytesWritten;

    public StoreCounts Counts => new(Interlocked.Read(ref reads), Interlocked.Read(ref writes), Interlocked.Read(ref bytesWritten));

    public Task<CreateOutcome> CreateAsync(ArtifactKey key, Stream content, CancellationToken cancellationToken = default)
    {
        Wrote(content.Length - content.Position);
        return store.CreateAsync(key, content, cancellationToken);
    }

    public Task<Stream?> OpenReadAsync(ArtifactKey key, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref reads);
        return store.OpenReadAsync(key, cancellationToken);
    }

    public Task<StoredRecord?> ReadAsync(ArtifactKey key, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref reads);
        return store.ReadAsync(key, cancellationToken);
    }

    public Task<ReplaceOutcome> ReplaceAsync(
        ArtifactKey key, ReadOnlyMemory<byte> content, string? expectedETag, CancellationToken cancellationToken = default)
    {
        Wrote(content.Length);
        return store.ReplaceAsync(key, content, expectedETag, cancellationToken);
    }

    public Task<DeleteOutcome> DeleteAsync(ArtifactKey key, string? expectedETag = null, CancellationToken cancellationToken = default) =>
        store.DeleteAsync(key, expectedETag, cancellationToken);

    public IAsyncEnumerable<ArtifactInfo> ListAsync(ArtifactKey? folder = null, CancellationToken cancellationToken = default) =>
        store.ListAsync(folder, cancellationToken);

    private void Wrote(long bytes)
    {
        Interlocked.Increment(ref writes);
        Interlocked.Add(ref bytesWritten, bytes);
    }
}

/// <summary>What was asked of a store.</summary>
internal readonly record struct StoreCounts(long Reads, long Writes, long BytesWritten);
