using System.Diagnostics.Metrics;

namespace HunyuanPortrait.Benchmarks.Scaling;

/// <summary>Messages that all silos of this process have sent, by Orleans' own meter.</summary>
internal sealed class MessageMeter : IDisposable
{
    private readonly MeterListener listener = new();
    private long count;
    private long bytes;

    public MessageMeter()
    {
        listener.InstrumentPublished = (instrument, subscriber) =>
        {
            if (instrument.Name == "orleans-messaging-sent-messages-size")
                subscriber.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, size, _, _) =>
        {
            Interlocked.Increment(ref count);
            Interlocked.Add(ref bytes, size);
        });
        listener.Start();
    }

    public MessageCounts Counts => new(Interlocked.Read(ref count), Interlocked.Read(ref bytes));

    public void Dispose() => listener.Dispose();
}

/// <summary>Messages that were sent.</summary>
internal readonly record struct MessageCounts(long Count, long Bytes);
