using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Grains.Interfaces.Tasks;
using Orleans.Serialization;
using Orleans.Storage;

namespace HunyuanPortrait.Grains.Tasks;

/// <summary>Ledgers as records of their own, replaced only in the version that was read: of two activations of an owner only one can write.</summary>
/// <param name="store">Where they are.</param>
/// <param name="serializer">They are as their generated serializer writes them.</param>
public sealed class LedgerRecords(IArtifactStore store, Serializer serializer)
{
    internal async Task<OwnedTasks> OpenAsync(ArtifactKey key, OwnerNotes notes, CancellationToken cancellationToken)
    {
        var record = await store.ReadAsync(key, cancellationToken);
        var eTag = record?.ETag;
        return new OwnedTasks(record is null ? new LedgerState() : serializer.Deserialize<LedgerState>(record.Content)!, WriteAsync, notes);

        async Task WriteAsync(LedgerState next, TaskDelivery? accepted, CancellationToken stop)
        {
            var outcome = await store.ReplaceAsync(key, serializer.SerializeToArray(next), eTag, stop);

            // Orleans ends the activation; the next one reads what the other activation wrote.
            eTag = outcome.ETag ?? throw new InconsistentStateException($"Another activation has written the ledger {key}.", "another version", eTag);
        }
    }
}
