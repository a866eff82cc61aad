namespace HunyuanPortrait.Simulation.Devices;

/// <summary>The time of one device: calls take turns and wait without computing.</summary>
/// <param name="cost">What calls take.</param>
internal sealed class DeviceTime(SimulatedCost cost)
{
    private readonly Lock device = new();

    public SimulatedCost Cost => cost;

    public void Spend(TimeSpan time, CancellationToken cancellationToken)
    {
        if (time > TimeSpan.Zero)
        {
            lock (device)
                cancellationToken.WaitHandle.WaitOne(time);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
