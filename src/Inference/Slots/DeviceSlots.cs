namespace HunyuanPortrait.Inference.Slots;

/// <summary>Admission to one device: reserve, run, release. A device that runs two graphs at once runs both slower and needs memory for both.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class DeviceSlots : IDisposable
{
    private readonly SemaphoreSlim free;

    /// <summary>Creates the slots of one device.</summary>
    /// <param name="count">Runs at a time, at least 1.</param>
    public DeviceSlots(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        free = new SemaphoreSlim(count, count);
    }

    /// <summary>Runs at a time.</summary>
    public int Count { get; }

    /// <summary>Slots that nobody holds at the moment.</summary>
    public int Free => free.CurrentCount;

    /// <summary>Waits for a slot. Disposing the permit gives it back.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled while waiting; no slot is held.</exception>
    public Permit Reserve(CancellationToken cancellationToken = default)
    {
        free.Wait(cancellationToken);
        return new Permit(free);
    }

    /// <inheritdoc/>
    public void Dispose() => free.Dispose();

    /// <summary>The right to run; dispose it exactly once.</summary>
    public readonly ref struct Permit
    {
        private readonly SemaphoreSlim slot;

        internal Permit(SemaphoreSlim slot) => this.slot = slot;

        /// <summary>Gives the slot back.</summary>
        public void Dispose() => slot.Release();
    }
}
