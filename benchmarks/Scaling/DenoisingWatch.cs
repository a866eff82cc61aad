using System.Diagnostics;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;

namespace HunyuanPortrait.Benchmarks.Scaling;

/// <summary>What a process has used until a moment.</summary>
internal readonly record struct Usage(long Timestamp, TimeSpan Cpu, MessageCounts Messages, StoreCounts Store, IReadOnlyDictionary<string, int> Calls, long Allocated, TimeSpan Compiler);

/// <summary>Takes the time of denoising: from the first lease of a window until the last segment has published its last step.</summary>
/// <param name="publications">How often segments publish.</param>
/// <param name="usage">What the process has used until now.</param>
internal sealed class DenoisingWatch(int publications, Func<Usage> usage) : IClusterHistory
{
    private readonly TaskCompletionSource<Usage> begin = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Usage> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int published;
    private int refused;

    public Task<Usage> Begin => begin.Task;

    public Task<Usage> End => end.Task;

    /// <summary>Results that owners refused: work done twice.</summary>
    public int Refused => refused;

    public static long Now => Stopwatch.GetTimestamp();

    public void Note(HistoryEntry entry)
    {
        if (entry.Kind == HistoryKind.Lease && entry.Task.Kind == TaskKind.DenoiseWindow && !begin.Task.IsCompleted)
            begin.TrySetResult(usage());
        else if (entry.Kind == HistoryKind.Refuse)
            Interlocked.Increment(ref refused);
        else if (entry.Kind == HistoryKind.Publish && Interlocked.Increment(ref published) == publications)
            end.TrySetResult(usage());
    }
}
