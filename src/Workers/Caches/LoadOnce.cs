namespace HunyuanPortrait.Workers.Caches;

/// <summary>
/// Values that are loaded once and shared by everyone who asks while they stay; the least recently used go first. A failed load is forgotten.
/// Thread-safe.
/// </summary>
/// <param name="capacity">Values that stay, at least 1.</param>
/// <param name="load">Loads one; it is not cancelled when one of those who wait is.</param>
internal sealed class LoadOnce<TKey, TValue>(int capacity, Func<TKey, Task<TValue>> load)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> entries = [];
    private readonly LinkedList<Entry> byUse = [];

    /// <summary>Keys of the values that are loaded.</summary>
    public IReadOnlyCollection<TKey> Loaded
    {
        get
        {
            lock (gate)
                return [.. byUse.Where(entry => entry.Value.IsCompletedSuccessfully).Select(entry => entry.Key)];
        }
    }

    public Task<TValue> GetAsync(TKey key, CancellationToken cancellationToken)
    {
        Task<TValue> value;
        lock (gate)
        {
            if (entries.TryGetValue(key, out var known) && !known.Value.Value.IsFaulted && !known.Value.Value.IsCanceled)
            {
                byUse.Remove(known);
                byUse.AddFirst(known);
                value = known.Value.Value;
            }
            else
            {
                value = Load(key);
            }
        }

        return value.WaitAsync(cancellationToken);
    }

    public void Forget(Func<TKey, bool> condition)
    {
        lock (gate)
        {
            foreach (var key in entries.Keys.Where(condition).ToArray())
                Remove(key);
        }
    }

    private Task<TValue> Load(TKey key)
    {
        Remove(key);
        var value = Task.Run(() => load(key));
        entries[key] = byUse.AddFirst(new Entry(key, value));
        if (byUse.Count > capacity)
            Remove(byUse.Last!.Value.Key);
        return value;
    }

    private void Remove(TKey key)
    {
        if (entries.Remove(key, out var node))
            byUse.Remove(node);
    }

    private sealed record Entry(TKey Key, Task<TValue> Value);
}
