using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Silo.Local;

/// <summary>A store whose first refusal to write can be waited for.</summary>
internal sealed class RefusalWatch(IArtifactStore store) : IArtifactStore
{
    private readonly TaskCompletionSource<RenderException> refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<RenderException> Refusal => refused.Task;

    public Task<CreateOutcome> CreateAsync(ArtifactKey key, Stream content, CancellationToken cancellationToken = default) =>
        WatchAsync(store.CreateAsync(key, content, cancellationToken));

    public Task<Stream?> OpenReadAsync(ArtifactKey key, CancellationToken cancellationToken = default) => store.OpenReadAsync(key, cancellationToken);

    public Task<StoredRecord?> ReadAsync(ArtifactKey key, CancellationToken cancellationToken = default) => store.ReadAsync(key, cancellationToken);

    public Task<ReplaceOutcome> ReplaceAsync(
        ArtifactKey key, ReadOnlyMemory<byte> content, string? expectedETag, CancellationToken cancellationToken = default) =>
        WatchAsync(store.ReplaceAsync(key, content, expectedETag, cancellationToken));

    public Task<DeleteOutcome> DeleteAsync(ArtifactKey key, string? expectedETag = null, CancellationToken cancellationToken = default) =>
        store.DeleteAsync(key, expectedETag, cancellationToken);

    public IAsyncEnumerable<ArtifactInfo> ListAsync(ArtifactKey? folder = null, CancellationToken cancellationToken = default) =>
        store.ListAsync(folder, cancellationToken);

    private async Task<T> WatchAsync<T>(Task<T> write)
    {
        try
        {
            return await write.ConfigureAwait(false);
        }
        catch (RenderException refusal)
        {
            refused.TrySetResult(refusal);
            throw;
        }
    }
}
