using CsCheck;
using HunyuanPortrait.Core.Artifacts;

namespace HunyuanPortrait.Storage.Tests.Artifacts;

/// <summary>Sequences of calls on a few keys, and what a dictionary would answer to them.</summary>
internal static class StoreModel
{
    private const int Keys = 3;

    internal enum Action
    {
        Create,
        Replace,
        ReplaceMissing,
        ReplaceOld,
        Delete,
        DeleteKnown,
        DeleteOld,
    }

    public static Gen<Call[]> Sequences { get; } =
        Gen.Select(Gen.Int[0, Keys - 1], Gen.Enum<Action>(), Gen.Byte.Array[0, 20], (key, action, content) => new Call(key, action, content)).Array[1, 12];

    public static async Task CompareAsync(IArtifactStore store, ArtifactKey folder, Call[] calls, CancellationToken cancellationToken)
    {
        var model = new Dictionary<int, Known>();
        var old = new Dictionary<int, string>();
        foreach (var call in calls)
        {
            await CompareAsync(store, folder / call.Key, call, model, old, cancellationToken);
            await CompareContentsAsync(store, folder, model, cancellationToken);
        }
    }

    private static async Task CompareAsync(
        IArtifactStore store, ArtifactKey key, Call call, Dictionary<int, Known> model, Dictionary<int, string> old, CancellationToken cancellationToken)
    {
        var known = model.GetValueOrDefault(call.Key);
        // A version that no key ever has stands for one that was replaced, until there is one.
        var oldETag = old.GetValueOrDefault(call.Key) ?? "0-0";
        switch (call.Action)
        {
            case Action.Create:
                var created = await store.CreateAsync(key, call.Content, cancellationToken);
                Assert.Equal(known is null ? CreateOutcome.Created : CreateOutcome.Exists, created);
                if (created == CreateOutcome.Created)
                    model[call.Key] = new Known(call.Content, (await store.ReadAsync(key, cancellationToken))!.ETag);
                break;
            case Action.Replace or Action.ReplaceMissing or Action.ReplaceOld:
                var expected = call.Action switch { Action.Replace => known?.ETag, Action.ReplaceOld => oldETag, _ => null };
                var replaced = await store.ReplaceAsync(key, call.Content, expected, cancellationToken);
                Assert.Equal(expected == known?.ETag, replaced.Replaced);
                if (replaced.Replaced)
                    Keep(new Known(call.Content, replaced.ETag));
                break;
            default:
                var version = call.Action switch { Action.DeleteKnown => known?.ETag, Action.DeleteOld => oldETag, _ => null };
                var deleted = await store.DeleteAsync(key, version, cancellationToken);
                var matches = version is null || version == known?.ETag;
                Assert.Equal(known is null ? DeleteOutcome.Missing : matches ? DeleteOutcome.Deleted : DeleteOutcome.Conflict, deleted);
                if (deleted == DeleteOutcome.Deleted)
                    Keep(null);
                break;
        }

        void Keep(Known? now)
        {
            if (known is not null)
                old[call.Key] = known.ETag;
            model.Remove(call.Key);
            if (now is not null)
                model[call.Key] = now;
        }
    }

    private static async Task CompareContentsAsync(IArtifactStore store, ArtifactKey folder, Dictionary<int, Known> model, CancellationToken cancellationToken)
    {
        var listed = await store.ListAsync(folder, cancellationToken).Select(info => info.Key).ToArrayAsync(cancellationToken);
        Assert.Equal(model.Keys.Order().Select(key => folder / key), listed);
        foreach (var (key, known) in model)
        {
            var record = await store.ReadAsync(folder / key, cancellationToken);
            Assert.Equal(known.Content, record!.Content.ToArray());
            Assert.Equal(known.ETag, record.ETag);
        }
    }

    internal sealed record Call(int Key, Action Action, byte[] Content)
    {
        public override string ToString() => $"{Action} {Key} {Convert.ToHexString(Content)}";
    }

    private sealed record Known(byte[] Content, string ETag);
}
