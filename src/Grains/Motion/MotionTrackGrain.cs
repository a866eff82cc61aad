using HunyuanPortrait.Grains.Interfaces.Motion;
using HunyuanPortrait.Grains.Storage;

namespace HunyuanPortrait.Grains.Motion;

/// <summary>What is durable is announced; an announcement that nobody hears costs nothing but a later read.</summary>
public sealed class MotionTrackGrain([PersistentState("motion-track", ArtifactGrainStorage.Name)] IPersistentState<MotionTrackState> storage)
    : Grain, IMotionTrackGrain
{
    /// <inheritdoc/>
    public async Task AnnounceAsync(MotionChunk chunk, CancellationToken cancellationToken = default)
    {
        if (storage.State.Chunks.Contains(chunk))
            return;
        await storage.ReplaceAsync(new MotionTrackState { Chunks = [.. storage.State.Chunks, chunk] }, cancellationToken);
        var stream = this.GetStreamProvider(MotionStreams.Provider)
            .GetStream<MotionChunk>(StreamId.Create(MotionStreams.Namespace, this.GetPrimaryKeyString()));
        await stream.OnNextAsync(chunk);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MotionChunk>> GetChunksAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<MotionChunk>>([.. storage.State.Chunks.OrderBy(chunk => chunk.Group)]);

    /// <inheritdoc/>
    public async Task DiscardAsync(CancellationToken cancellationToken = default)
    {
        await storage.ClearStateAsync(cancellationToken);
        DeactivateOnIdle();
    }
}

/// <summary>What a motion track remembers.</summary>
[GenerateSerializer, Immutable, Alias("hp.MotionTrackState")]
public sealed record MotionTrackState
{
    /// <summary>Tokens that exist, in the order of their announcement.</summary>
    [Id(0)] public IReadOnlyList<MotionChunk> Chunks { get; init; } = [];
}
