using System.Collections.Concurrent;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Grains.Dispatch;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Grains.Interfaces.Dispatch;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Interfaces.Tasks;
using HunyuanPortrait.Grains.Tasks;
using Microsoft.Extensions.Logging;

namespace HunyuanPortrait.Grains.Workers;

/// <summary>
/// Leases tasks for one device and runs them, off every grain's turn. Some tasks are in hand at a time, so that the next one's inputs are read while one is
/// computed. Thread-safe.
/// </summary>
internal sealed partial class GpuWorker : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);
    private readonly string name;
    private readonly ITaskExecutor executor;
    private readonly WorkerServices services;
    private readonly ILogger logger;
    private readonly ConcurrentDictionary<long, TaskName> inHand = [];
    private readonly CancellationTokenSource stopped = new();
    private readonly CancellationTokenSource aborted = new();
    private Task loops = Task.CompletedTask;
    private long accepted;
    private long refused;
    private long nextSlot;
    private IGpuPoolGrain? pool;

    public GpuWorker(string name, ITaskExecutor executor, WorkerServices services, ILogger logger) =>
        (this.name, this.executor, this.services, this.logger) = (name, executor, services, logger);

    /// <summary>Called for every job whose tasks begin to arrive.</summary>
    public Action<string>? OnJob { get; init; }

    public bool IsLeasing => !stopped.IsCancellationRequested;

    public IReadOnlyList<TaskName> InHand => [.. inHand.Values];

    public (long Accepted, long Refused) Counts => (Interlocked.Read(ref accepted), Interlocked.Read(ref refused));

    private CoordinationOptions Options => services.Options.Value;

    // Kept, because finding it costs as much as a message; not found before a control silo is known.
    private IGpuPoolGrain Pool => pool ??= services.Grains.GetGrain<IGpuPoolGrain>(PoolNames.Default);

    public void Start() => loops = Task.WhenAll(Enumerable.Range(0, Options.TasksInHand).Select(_ => Task.Run(LoopAsync)));

    /// <summary>Stops leasing, waits for what is in hand, and gives it back when that takes longer than the grace period.</summary>
    public async Task DrainAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        await stopped.CancelAsync();
        await TryAsync(() => Pool.LeaveAsync(name, cancellationToken));
        try
        {
            await loops.WaitAsync(grace, services.Clock, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            await aborted.CancelAsync();
            await loops;
        }
    }

    /// <summary>Stops at once; what is in hand is given back.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        await aborted.CancelAsync();
        await loops;
        stopped.Dispose();
        aborted.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!stopped.IsCancellationRequested)
        {
            if (await AskAsync() is { } offer)
                await WorkAsync(offer);
        }
    }

    private async Task<LeaseOffer?> AskAsync()
    {
        try
        {
            return await Pool.LeaseAsync(new WorkerProfile
            {
                Worker = name,
                DeviceClass = executor.Models.DeviceClass,
                Models = [.. executor.Models.Warm],
                WarmJobs = [.. executor.WarmJobs],
            });
        }
        catch (Exception failure)
        {
            // The pool's silo has gone, or there is no control silo yet.
            LogPoolUnavailable(logger, name, failure.Message);
            await PauseAsync();
            return null;
        }
    }

    private async Task WorkAsync(LeaseOffer offer)
    {
        var slot = Interlocked.Increment(ref nextSlot);
        inHand[slot] = offer.Lease.Task;
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(aborted.Token);
        var renewal = RenewAsync(offer, lost);
        var ending = LeaseEnding.HandedBack;
        try
        {
            OnJob?.Invoke(offer.Lease.Task.Job);
            ending = await RunAsync(offer, lost.Token);
        }
        finally
        {
            inHand.TryRemove(slot, out _);
            await lost.CancelAsync();
            await renewal;
            await TryAsync(() => Pool.EndAsync(offer.Lease, ending));
        }
    }

    private async Task<LeaseEnding> RunAsync(LeaseOffer offer, CancellationToken cancellationToken)
    {
        var task = offer.Lease.Task;
        try
        {
            services.History.Note(new HistoryEntry(HistoryKind.Begin, task.Job, task.ToId(), offer.Epoch, name));
            var outcome = await executor.ExecuteAsync(
                new TaskAssignment(task.Job, task.ToId(), new LeaseEpoch(offer.Epoch), offer.Inputs), cancellationToken);
            services.History.Note(new HistoryEntry(HistoryKind.Complete, task.Job, task.ToId(), offer.Epoch, name, outcome.Result.Key));
            return await DeliverAsync(offer, outcome);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogStopped(logger, name, task);
        }
        catch (Exception failure)
        {
            var refusal = failure as RenderException ?? GrainErrors.UnexpectedFailure(task.ToString(), failure);
            LogFailed(logger, failure, name, task);
            await TryAsync(() => services.Grains.GetGrain<IRenderJobGrain>(task.Job).ReportFailureAsync(new TaskFailure
            {
                Task = task,
                Epoch = offer.Epoch,
                Code = refusal.Code,
                Message = refusal.Message,
                IsTransient = refusal.IsTransient,
                Worker = name,
            }));
            await PauseAsync();
        }

        return LeaseEnding.HandedBack;
    }

    /// <summary>Asks until there is an answer: the result is stored, and nobody else knows.</summary>
    private async Task<LeaseEnding> DeliverAsync(LeaseOffer offer, TaskOutcome outcome)
    {
        var delivery = new TaskDelivery
        {
            Task = offer.Lease.Task,
            Epoch = offer.Epoch,
            ResultKey = outcome.Result.Key,
            Sha256 = outcome.Result.Sha256,
            FrameCount = outcome.FrameCount,
            Worker = name,
            DeviceClass = executor.Models.DeviceClass,
        };
        while (true)
        {
            try
            {
                var answer = await services.Grains.OwnerOf(delivery.Task).AcceptAsync(delivery);
                Interlocked.Increment(ref answer == AcceptanceView.Accepted ? ref accepted : ref refused);
                return answer == AcceptanceView.Stale ? LeaseEnding.HandedBack : LeaseEnding.Completed;
            }
            catch (Exception failure) when (failure is not RenderException { IsTransient: false } && !aborted.IsCancellationRequested)
            {
                LogNotDelivered(logger, name, delivery.Task, failure.Message);
                await PauseAsync();
            }
        }
    }

    private async Task RenewAsync(LeaseOffer offer, CancellationTokenSource lost)
    {
        // It is cancelled when the work has ended: at every task, so without an exception.
        while (true)
        {
            await Task.Delay(offer.Duration / 3, services.Clock, lost.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (lost.IsCancellationRequested)
                return;
            if (await RenewOnceAsync(offer.Lease))
                continue;
            LogLost(logger, name, offer.Lease.Task);
            await lost.CancelAsync();
            return;
        }
    }

    private async Task<bool> RenewOnceAsync(LeaseName lease)
    {
        try
        {
            return await Pool.RenewAsync(lease);
        }
        catch (Exception failure)
        {
            // A pool that cannot be reached has not said that the lease ended, and the owner decides in any case.
            LogPoolUnavailable(logger, name, failure.Message);
            return true;
        }
    }

    private async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception failure)
        {
            // The lease runs out by itself.
            LogPoolUnavailable(logger, name, failure.Message);
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(RetryPause, services.Clock, aborted.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }
}
