using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Painting;

namespace HunyuanPortrait.Drawing.Streams;

/// <summary>Draws a plan's samples and writes them in order. The bytes do not depend on the number of threads.</summary>
public static class DrawnStreamWriter
{
    private const int SamplesInFlight = 32;

    /// <summary>Writes header and records; a batch is drawn while the one before it is written.</summary>
    /// <param name="plan">What to write.</param>
    /// <param name="target">Stays open.</param>
    /// <param name="threads">That draw; at least 1.</param>
    /// <param name="cancellationToken">Stops between samples.</param>
    /// <exception cref="IOException">The target cannot be written, or its reader went away.</exception>
    public static async Task WriteAsync(SamplePlan plan, Stream target, int threads, CancellationToken cancellationToken = default)
    {
        var header = new byte[DrawnStreamFormat.HeaderLength];
        DrawnStreamFormat.WriteHeader(header, plan);
        await target.WriteAsync(header, cancellationToken).ConfigureAwait(false);
        var length = DrawnStreamFormat.RecordLength(plan.Size);
        var (drawn, written) = (new byte[length * SamplesInFlight], new byte[length * SamplesInFlight]);
        var writing = Task.CompletedTask;
        for (long start = 0; start < plan.Samples; start += SamplesInFlight)
        {
            var count = (int)Math.Min(SamplesInFlight, plan.Samples - start);
            var (first, records) = (start, drawn);
            await Task.Run(() => Draw(plan, first, records.AsMemory(0, count * length), threads, cancellationToken), cancellationToken).ConfigureAwait(false);
            await writing.ConfigureAwait(false);
            writing = target.WriteAsync(records.AsMemory(0, count * length), cancellationToken).AsTask();
            (drawn, written) = (written, drawn);
        }

        await writing.ConfigureAwait(false);
        await target.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void Draw(SamplePlan plan, long start, Memory<byte> records, int threads, CancellationToken cancellationToken)
    {
        var length = DrawnStreamFormat.RecordLength(plan.Size);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellationToken };
        Parallel.For(0, records.Length / length, options, i =>
        {
            var (block, index) = Math.DivRem(start + i, plan.SamplesPerBlock);
            var key = plan.At(block, (int)index);
            var portrait = PortraitPainter.Paint(Identity.FromNumber(key.Identity), key.Motion, plan.Size, plan.Framing);
            DrawnStreamFormat.WriteRecord(records.Span.Slice(i * length, length), key, portrait);
        });
    }
}
