using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Grains.Interfaces.Gpus;
using HunyuanPortrait.Grains.Interfaces.Motion;
using HunyuanPortrait.Grains.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace HunyuanPortrait.Grains.Workers;

/// <summary>
/// One device of this silo. The work is a loop of its own (<see cref="GpuWorker"/>); the grain starts and stops it, and gets motion tokens of the jobs at hand into
/// memory as they are announced.
/// </summary>
[OwnSiloPlacement, KeepAlive]
public sealed partial class GpuGrain : Grain, IGpuGrain, IAsyncDisposable
{
    private readonly ITaskExecutor executor;
    private readonly ILogger<GpuGrain> logger;
    private readonly GpuWorker worker;
    private readonly Dictionary<string, StreamSubscriptionHandle<MotionChunk>?> watched = new(StringComparer.Ordinal);
    private bool isStarted;

    /// <summary>Created by Orleans.</summary>
    public GpuGrain(SiloDevices devices, WorkerServices services, ILogger<GpuGrain> logger)
    {
        var (_, device) = GpuNames.Parse(this.GetPrimaryKeyString());
        executor = devices.Executors[device];
        this.logger = logger;
        var scheduler = TaskScheduler.Current;
        worker = new GpuWorker(this.GetPrimaryKeyString(), executor, services, logger)
        {
            // Streams are for grains, so the worker hands the job over to the grain's turn.
            OnJob = job => Task.Factory.StartNew(() => WatchAsync(job), CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap().Ignore(),
        };
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (!isStarted)
            worker.Start();
        isStarted = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DrainAsync(TimeSpan grace, CancellationToken cancellationToken = default) => worker.DrainAsync(grace, cancellationToken);

    /// <inheritdoc/>
    public Task<GpuView> GetAsync(CancellationToken cancellationToken = default)
    {
        var (accepted, refused) = worker.Counts;
        return Task.FromResult(new GpuView
        {
            Worker = this.GetPrimaryKeyString(),
            DeviceClass = executor.Models.DeviceClass,
            IsLeasing = isStarted && worker.IsLeasing,
            WarmModels = [.. executor.Models.Warm],
            InHand = worker.InHand,
            Accepted = accepted,
            Refused = refused,
        });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => worker.DisposeAsync();

    /// <summary>Subscribes first and asks then, so that nothing is announced in between.</summary>
    private async Task WatchAsync(string job)
    {
        if (!watched.TryAdd(job, null))
            return;
        await ForgetOldAsync(job);
        var stream = this.GetStreamProvider(MotionStreams.Provider).GetStream<MotionChunk>(StreamId.Create(MotionStreams.Namespace, job));
        watched[job] = await stream.SubscribeAsync((chunk, _) => PrefetchAsync(chunk));
        foreach (var chunk in await GrainFactory.GetGrain<IMotionTrackGrain>(job).GetChunksAsync())
            await PrefetchAsync(chunk);
    }

    private async Task ForgetOldAsync(string newest)
    {
        var warm = executor.WarmJobs;
        foreach (var (job, subscription) in watched.Where(each => each.Key != newest && each.Value is not null && !warm.Contains(each.Key)).ToArray())
        {
            watched.Remove(job);
            await subscription!.UnsubscribeAsync();
        }
    }

    private async Task PrefetchAsync(MotionChunk chunk)
    {
        try
        {
            await executor.PrefetchMotionAsync(chunk.Motion, chunk.Group, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // The task that needs the tokens reads them itself, and says so when it cannot.
            LogNotPrefetched(logger, chunk.Motion, chunk.Group, failure.Message);
        }
    }

    [LoggerMessage(EventId = 6140, Level = LogLevel.Debug, Message = "Motion tokens {Motion}/{Group} were not prefetched: {Reason}")]
    private static partial void LogNotPrefetched(ILogger logger, string motion, int group, string reason);
}
