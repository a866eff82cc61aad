using System.Globalization;
using HunyuanPortrait.Core.Artifacts;
using Orleans.Serialization;
using Orleans.Storage;

namespace HunyuanPortrait.Grains.Storage;

/// <summary>
/// Grain state on the artifact port: one record a grain, replaced under a check of its version, so that of two activations of one grain only one can
/// write. With a local directory as the store, one process needs nothing else to survive a restart.
/// </summary>
/// <param name="store">Where states are.</param>
/// <param name="serializer">States are as their generated serializers write them.</param>
public sealed class ArtifactGrainStorage(IArtifactStore store, Serializer serializer) : IGrainStorage
{
    /// <summary>Name of the storage provider.</summary>
    public const string Name = "artifacts";

    private static readonly ArtifactKey Folder = ArtifactKey.Parse("grains");

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var record = await store.ReadAsync(KeyOf(stateName, grainId)).ConfigureAwait(false);
        grainState.ETag = record?.ETag;
        grainState.RecordExists = record is not null;
        grainState.State = record is null ? Activator.CreateInstance<T>() : serializer.Deserialize<T>(record.Content);
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var outcome = await store.ReplaceAsync(KeyOf(stateName, grainId), serializer.SerializeToArray(grainState.State), grainState.ETag).ConfigureAwait(false);
        grainState.ETag = outcome.ETag ?? throw Conflict(stateName, grainId, grainState.ETag);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is not null
            && await store.DeleteAsync(KeyOf(stateName, grainId), grainState.ETag).ConfigureAwait(false) == DeleteOutcome.Conflict)
        {
            throw Conflict(stateName, grainId, grainState.ETag);
        }

        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private static ArtifactKey KeyOf(string stateName, GrainId grainId) => Folder / stateName / ArtifactKey.Escape(grainId.Key.ToString()!);

    // Orleans ends the activation; the next one reads what the other activation wrote.
    private static InconsistentStateException Conflict(string stateName, GrainId grainId, string? eTag) => new(
        string.Create(CultureInfo.InvariantCulture, $"Another activation of {grainId} has written its state '{stateName}'."), "another version", eTag);
}
