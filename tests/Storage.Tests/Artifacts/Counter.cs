using System.Globalization;
using System.Text;
using HunyuanPortrait.Core.Artifacts;

namespace HunyuanPortrait.Storage.Tests.Artifacts;

/// <summary>A number in a record, counted up by whoever wants: what is lost shows.</summary>
internal static class Counter
{
    public static async Task IncrementAsync(IArtifactStore store, ArtifactKey key, CancellationToken cancellationToken)
    {
        while (true)
        {
            var record = await store.ReadAsync(key, cancellationToken);
            var next = Encoding.UTF8.GetBytes((Value(record) + 1).ToString(CultureInfo.InvariantCulture));
            if ((await store.ReplaceAsync(key, next, record?.ETag, cancellationToken)).Replaced)
                return;
        }
    }

    public static async Task<int> ReadAsync(IArtifactStore store, ArtifactKey key, CancellationToken cancellationToken) =>
        Value(await store.ReadAsync(key, cancellationToken));

    private static int Value(StoredRecord? record) =>
        record is null ? 0 : int.Parse(Encoding.UTF8.GetString(record.Content.Span), CultureInfo.InvariantCulture);
}
