using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Dispatch;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Grains.Interfaces.Dispatch;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Interfaces.Tasks;
using HunyuanPortrait.Grains.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HunyuanPortrait.Grains.Dispatch;

/// <summary>
/// Brings ready tasks and asking workers together. All that it knows can be told again by the jobs: after an activation it wakes every job that the
/// store says has not ended, and they enqueue what is ready.
/// </summary>
public sealed partial class GpuPoolGrain : Grain, IGpuPoolGrain
{
    // A worker that was not heard of for this many polls has gone.
    private const int PollsUntilGone = 3;

    // An owner that could not be asked is asked again after this.
    private static readonly TimeSpan OwnerPause = TimeSpan.FromMilliseconds(250);

    private readonly Guid incarnation = Guid.NewGuid();
    private readonly IArtifactStore store;
    private readonly TimeProvider clock;
    private readonly CoordinationOptions options;
    private readonly ILogger<GpuPoolGrain> logger;
    private readonly DispatchQueue queue;
    private readonly LinkedList<Asking> asking = [];
    private readonly Dictionary<long, LeaseGrant> grants = [];
    private readonly Dictionary<string, (WorkerProfile Profile, TimeSpan Heard)> workers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> awake = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SegmentPlan> plans = new(StringComparer.Ordinal);
    private readonly long started;

    /// <summary>Created by Orleans.</summary>
    public GpuPoolGrain(IArtifactStore store, TimeProvider clock, IOptions<CoordinationOptions> options, ILogger<GpuPoolGrain> logger)
    {
        (this.store, this.clock, this.options, this.logger, started) = (store, clock, options.Value, logger, clock.GetTimestamp());
        queue = new DispatchQueue(new DispatchOptions
        {
            LeaseDuration = this.options.LeaseDuration,
            Stragglers = this.options.HelpStragglers ? new StragglerOptions() : null,
        });
    }

    private TimeSpan Now => clock.GetElapsedTime(started);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var tick = TimeSpan.FromTicks(Math.Min(options.LeaseDuration.Ticks / 4, TimeSpan.TicksPerSecond));
        this.RegisterGrainTimer(ExpireAsync, new GrainTimerCreationOptions(tick, tick) { Interleave = true, KeepAlive = true });
        this.RegisterGrainTimer(WakeJobsAsync, new GrainTimerCreationOptions(TimeSpan.Zero, options.WakeInterval) { Interleave = true, KeepAlive = true });
        LogActivated(logger, incarnation);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<Guid> EnqueueAsync(ReadyTasks ready, CancellationToken cancellationToken = default)
    {
        awake[ready.Job] = Now;
        if (ready.Segments is { } segments)
            plans[ready.Job] = segments.ToPlan();
        queue.Enqueue(
            new JobTicket(ready.Job, ready.Tenant, ready.Priority, ready.SubmittedAt), ready.Model, ready.Tasks.Select(task => task.ToId()), Now);
        Serve();
        return Task.FromResult(incarnation);
    }

    /// <inheritdoc/>
    public async Task<LeaseOffer?> LeaseAsync(WorkerProfile worker, CancellationToken cancellationToken = default)
    {
        workers[worker.Worker] = (worker, Now);
        var question = new Asking(worker);
        asking.AddLast(question);
        Serve();
        try
        {
            return await question.Answer.Task.WaitAsync(options.PollDuration, clock, cancellationToken);
        }
        catch (Exception ended) when (ended is TimeoutException or OperationCanceledException)
        {
            // An offer that came at the last moment counts; otherwise none will come.
            question.Answer.TrySetResult(null);
            return await question.Answer.Task;
        }
        finally
        {
            asking.Remove(question);
        }
    }

    /// <inheritdoc/>
    public Task<bool> RenewAsync(LeaseName lease, CancellationToken cancellationToken = default) =>
        Task.FromResult(lease.Pool != incarnation || queue.Renew(lease.Number, Now) is not null);

    /// <inheritdoc/>
    public Task EndAsync(LeaseName lease, LeaseEnding ending, CancellationToken cancellationToken = default)
    {
        // Numbers of another pool mean nothing here, but what is done is done.
        var number = lease.Pool == incarnation ? lease.Number : 0;
        if (ending == LeaseEnding.Completed)
            queue.Complete(number, new JobTask(lease.Task.Job, lease.Task.ToId()), Now);
        else
            queue.HandBack(number, Now);
        grants.Remove(number);
        Serve();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task LeaveAsync(string worker, CancellationToken cancellationToken = default)
    {
        workers.Remove(worker);
        foreach (var question in asking.Where(question => question.Worker == worker).ToArray())
        {
            asking.Remove(question);
            question.Answer.TrySetResult(null);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<Guid> TreatAsync(string job, JobTreatment treatment, CancellationToken cancellationToken = default)
    {
        awake[job] = Now;
        switch (treatment)
        {
            case JobTreatment.Pause:
                queue.Pause(job);
                break;
            case JobTreatment.Lease:
                queue.Resume(job, Now);
                break;
            default:
                plans.Remove(job);
                foreach (var lease in queue.Drop(job))
                    grants.Remove(lease.Number);
                break;
        }

        Serve();
        return Task.FromResult(incarnation);
    }

    /// <inheritdoc/>
    public Task<PoolCheck> CheckAsync(string job, string model, CancellationToken cancellationToken = default)
    {
        awake[job] = Now;
        var known = Workers().ToArray();
        return Task.FromResult(new PoolCheck
        {
            Pool = incarnation,
            Workers = known.Length,
            WorkersWithModel = known.Count(worker => Asking.ModelsOf(worker.Profile).Contains(model)),
        });
    }

    /// <inheritdoc/>
    public Task SetShareAsync(string tenant, double weight, int maximumConcurrentTasks, CancellationToken cancellationToken = default)
    {
        queue.SetShare(tenant, new TenantShare(weight, maximumConcurrentTasks));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WakeAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<PoolView> GetAsync(CancellationToken cancellationToken = default) => Task.FromResult(new PoolView
    {
        Pool = incarnation,
        Lanes = [.. queue.Backlog(Now).Select(lane => new LaneView
        {
            Kind = (TaskKindView)lane.Lane.Kind, Model = lane.Lane.Model, Ready = lane.Ready, Leased = lane.Leased, OldestWait = lane.OldestWait,
        })],
        Workers = [.. Workers()],
    });

    /// <summary>Brings together what can be.</summary>
    private void Serve()
    {
        for (var question = asking.First; question is not null;)
        {
            var next = question.Next;
            if (queue.Lease(question.Value.Capabilities, Now) is { } lease)
            {
                asking.Remove(question);
                _ = GrantAsync(question.Value, lease);
            }

            question = next;
        }
    }

    private async Task GrantAsync(Asking question, TaskLease lease)
    {
        try
        {
            // A helper works under the straggler's epoch: whoever comes first is accepted.
            var grant = lease.Helps is { } helped && grants.TryGetValue(helped, out var known)
                ? known
                : await GrainFactory.OwnerOf(NameOf(lease.Task)).OpenLeaseAsync(NameOf(lease.Task));
            if (grant.Epoch is { } epoch)
            {
                Offer(question, lease, grant, epoch);
                return;
            }

            queue.Remove(lease.Task);
        }
        catch (Exception failure)
        {
            LogOwnerUnavailable(logger, lease.Task, failure.Message);
            _ = HandBackLaterAsync(lease.Number);
        }

        if (!question.Answer.Task.IsCompleted)
            asking.AddFirst(question);
        Serve();
    }

    private void Offer(Asking question, TaskLease lease, LeaseGrant grant, long epoch)
    {
        grants[lease.Number] = grant;
        var offer = new LeaseOffer
        {
            Lease = new LeaseName { Pool = incarnation, Number = lease.Number, Task = NameOf(lease.Task) },
            Epoch = epoch,
            Inputs = grant.Inputs,
            Duration = options.LeaseDuration,
        };
        if (question.Answer.TrySetResult(offer))
            return;
        grants.Remove(lease.Number);
        queue.HandBack(lease.Number, Now);
        Serve();
    }

    private async Task HandBackLaterAsync(long lease)
    {
        await Task.Delay(OwnerPause, clock);
        queue.HandBack(lease, Now);
        Serve();
    }

    private Task ExpireAsync(CancellationToken cancellationToken)
    {
        foreach (var lease in queue.Expire(Now))
        {
            grants.Remove(lease.Number);
            LogExpired(logger, lease.Task, lease.Worker);
        }

        Serve();
        return Task.CompletedTask;
    }

    private async Task WakeJobsAsync(CancellationToken cancellationToken)
    {
        await foreach (var marker in store.ListAsync(ArtifactKeys.ActiveJobs, cancellationToken))
        {
            var job = marker.Key.Value[(ArtifactKeys.ActiveJobs.Value.Length + 1)..];
            if (!awake.TryGetValue(job, out var heard) || Now - heard > 2 * options.WakeInterval)
                GrainFactory.GetGrain<IRenderJobGrain>(job).WakeAsync(cancellationToken).Ignore();
        }

        foreach (var job in awake.Where(known => Now - known.Value > 4 * options.WakeInterval).Select(known => known.Key).ToArray())
            awake.Remove(job);
    }

    private IEnumerable<WorkerView> Workers()
    {
        foreach (var gone in workers.Where(known => Now - known.Value.Heard > PollsUntilGone * options.PollDuration + options.LeaseDuration).ToArray())
            workers.Remove(gone.Key);
        return workers.Values.Select(known => new WorkerView { Profile = known.Profile, LastHeard = Now - known.Heard });
    }

    private TaskName NameOf(JobTask task) => task.Task.ToName(task.JobId, plans.GetValueOrDefault(task.JobId));

    [LoggerMessage(EventId = 6120, Level = LogLevel.Information, Message = "The pool began as {Incarnation}")]
    private static partial void LogActivated(ILogger logger, Guid incarnation);

    [LoggerMessage(EventId = 6121, Level = LogLevel.Warning, Message = "The lease of {Task} by {Worker} ran out")]
    private static partial void LogExpired(ILogger logger, JobTask task, string worker);

    [LoggerMessage(EventId = 6122, Level = LogLevel.Debug, Message = "The owner of {Task} could not be asked: {Reason}")]
    private static partial void LogOwnerUnavailable(ILogger logger, JobTask task, string reason);
}
