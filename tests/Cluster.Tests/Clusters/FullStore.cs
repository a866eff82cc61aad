using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Storage;

namespace HunyuanPortrait.Cluster.Tests.Clusters;

/// <summary>A store whose disk is full when a test says so.</summary>
public sealed class FullStore : IArtifactStore
{
    private readonly MemoryArtifactStore store = new(TimeProvider.System);
    private volatile bool refusesRecords;
    private volatile bool refusesArtifacts;
    private int refused;

    /// <summary>Writes that were refused.</summary>
    public int Refused => refused;

    /// <summary>Room for small records, none for artifacts.</summary>
    public void FillForArtifacts() => refusesArtifacts = true;

    /// <summary>No room for anything.</summary>
    public void Fill() => refusesArtifacts = refusesRecords = true;

    public void MakeRoom() => refusesArtifacts = refusesRecords = false;

    public Task<CreateOutcome> CreateAsync(ArtifactKey key, Stream content, CancellationToken cancellationToken = default) =>
        refusesArtifacts ? throw Refusal(key) : store.CreateAsync(key, content, cancellationToken);

    public Task<ReplaceOutcome> ReplaceAsync(
        ArtifactKey key, ReadOnlyMemory<byte> content, string? expectedETag, CancellationToken cancellationToken = default) =>
        refusesRecords ? throw Refusal(key) : store.ReplaceAsync(key, content, expectedETag, cancellationToken);

    public Task<Stream?> OpenReadAsync(ArtifactKey key, CancellationToken cancellationToken = default) => store.OpenReadAsync(key, cancellationToken);

    public Task<StoredRecord?> ReadAsync(ArtifactKey key, CancellationToken cancellationToken = default) => store.ReadAsync(key, cancellationToken);

    public Task<DeleteOutcome> DeleteAsync(ArtifactKey key, string? expectedETag = null, CancellationToken cancellationToken = default) =>
        store.DeleteAsync(key, expectedETag, cancellationToken);

    public IAsyncEnumerable<ArtifactInfo> ListAsync(ArtifactKey? folder = null, CancellationToken cancellationToken = default) =>
        store.ListAsync(folder, cancellationToken);

    private Core.Errors.RenderException Refusal(ArtifactKey key)
    {
        Interlocked.Increment(ref refused);
        return StorageErrors.DiskFull(key.Value);
    }
}
