
namespace HunyuanPortrait.Grains.Storage;

/// <summary>
/// A grain's state as an immutable value. What is not written is not in force: a write that fails leaves the old value, and when it happened all the
/// same, the next write meets another version and ends the activation.
/// </summary>
internal static class DurableState
{
    public static async Task ReplaceAsync<T>(this IPersistentState<T> storage, T next, CancellationToken cancellationToken = default)
    {
        var before = storage.State;
        storage.State = next;
        try
        {
            await storage.WriteStateAsync(cancellationToken);
        }
        catch
        {
            storage.State = before;
            throw;
        }
    }
}
