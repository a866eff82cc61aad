using System.Text;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Grains.Dispatch;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Grains.Interfaces.Dispatch;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Interfaces.Tasks;
using HunyuanPortrait.Grains.Interfaces.Tenants;
using HunyuanPortrait.Grains.Messages;
using HunyuanPortrait.Grains.Storage;
using HunyuanPortrait.Grains.Tasks;
using Microsoft.Extensions.Logging;

namespace HunyuanPortrait.Grains.Jobs;

/// <summary>
/// The coordinator of one job: its state machine, its tasks but for windows, and the wavefront. This half answers calls; what follows from a change is
/// in the other half, which the job sends itself to (<see cref="ContinueAsync"/>).
/// </summary>
public sealed partial class RenderJobGrain : Grain, IRenderJobGrain
{
    private readonly IPersistentState<RenderJobState> storage;
    private readonly IArtifactStore store;
    private readonly TimeProvider clock;
    private readonly CoordinationOptions options;
    private readonly RetentionOptions retention;
    private readonly ILogger logger;
    private readonly Outbox outbox;
    private readonly string id;
    private readonly OwnerNotes notes;
    private readonly LedgerRecords records;
    private JobRun? run;

    // From the activation on, which reads what they begin with.
    private JobLedgers ledgers = null!;

    /// <summary>Created by Orleans.</summary>
    public RenderJobGrain(
        [PersistentState("job", ArtifactGrainStorage.Name)] IPersistentState<RenderJobState> storage, JobServices services, ILogger<RenderJobGrain> logger)
    {
        this.storage = storage;
        this.logger = logger;
        (store, records, clock, options) = (services.Store, services.Ledgers, services.Clock, services.Options.Value);
        retention = services.Retention.Value;
        id = this.GetPrimaryKeyString();
        notes = new OwnerNotes(services.History, id, id);
        outbox = new Outbox(id, logger);
    }

    private IRenderJobGrain Self => this.AsReference<IRenderJobGrain>();

    private IGpuPoolGrain Pool => GrainFactory.GetGrain<IGpuPoolGrain>(PoolNames.Default);

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        ledgers = OwnLedgers();
        if (storage.State.Submission is not null)
            await BeginAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RenderJobView> SubmitAsync(JobSubmission submission, CancellationToken cancellationToken = default)
    {
        if (storage.State.Submission is { } known)
        {
            if (known != submission)
                throw GrainErrors.OtherSubmission(submission.Tenant, submission.ClientKey, id);
            await BeginAsync(cancellationToken);
            return View();
        }

        var document = Encoding.UTF8.GetBytes(submission.Specification);
        var specification = JobDocuments.ReadSpecification(document);
        await GrainFactory.GetGrain<ITenantGrain>(submission.Tenant).AdmitAsync(
            new JobAdmission { Job = id, Priority = submission.Priority, FrameCount = specification.FrameCount, ClientKey = submission.ClientKey },
            cancellationToken);

        // The marker comes before the state: a job that is durable is found again, and a marker without a job is removed by who finds it.
        await store.CreateAsync(ArtifactKeys.Active(id), ReadOnlyMemory<byte>.Empty, cancellationToken);
        await KeepSpecificationAsync(submission, document, cancellationToken);
        await storage.ReplaceAsync(new RenderJobState { Submission = submission, SubmittedAt = clock.GetUtcNow() }, cancellationToken);
        await BeginAsync(cancellationToken);
        LogSubmitted(logger, id, submission.Tenant, specification.FrameCount);
        return View();
    }

    /// <inheritdoc/>
    public Task<RenderJobView> GetAsync(CancellationToken cancellationToken = default) => Task.FromResult(View());

    /// <inheritdoc/>
    public Task<RenderJobView> CancelAsync(string reason, CancellationToken cancellationToken = default) =>
        ChangeAsync(job => job.Cancel(reason), cancellationToken);

    /// <inheritdoc/>
    public Task<RenderJobView> PauseAsync(CancellationToken cancellationToken = default) => ChangeAsync(job => job.Pause(), cancellationToken);

    /// <inheritdoc/>
    public Task<RenderJobView> ResumeAsync(CancellationToken cancellationToken = default) => ChangeAsync(job => job.Resume(), cancellationToken);

    /// <inheritdoc/>
    public async Task WakeAsync(CancellationToken cancellationToken = default)
    {
        if (storage.State.Submission is null)
            await store.DeleteAsync(ArtifactKeys.Active(id), cancellationToken: cancellationToken);
        else
            await BeginAsync(cancellationToken);
        _ = Self.ContinueAsync();
    }

    /// <inheritdoc/>
    public async Task<LeaseGrant> OpenLeaseAsync(TaskName task, CancellationToken cancellationToken = default)
    {
        var known = RequireOwn(task);
        if (!CurrentJob().MayLease)
            return new LeaseGrant();
        var tasks = await ledgers.OfAsync(task.ToId(), cancellationToken);
        var epoch = await tasks.OpenAsync(task.ToId(), cancellationToken);
        return epoch is null ? new LeaseGrant() : epoch.ToGrant(StageTasks.InputsOf(task.ToId(), known.Plan, ledgers, Motion));
    }

    /// <inheritdoc/>
    public async Task<AcceptanceView> AcceptAsync(TaskDelivery delivery, CancellationToken cancellationToken = default)
    {
        var known = RequireOwn(delivery.Task);
        var tasks = await ledgers.OfAsync(delivery.Task.ToId(), cancellationToken);
        if (CurrentJob().HasEnded)
            tasks.Revoke();
        var answer = await tasks.AcceptAsync(delivery, cancellationToken);
        if (answer == AcceptAnswer.Accepted)
        {
            known.Replan(storage.State.FrameCount > 0 ? storage.State.FrameCount : known.Specification.FrameCount);
            known.Count(ledgers, storage.State.IsPaused);
            Announce(delivery);
            _ = Self.ContinueAsync();
        }

        return (AcceptanceView)answer;
    }

    /// <inheritdoc/>
    public Task SegmentCompletedAsync(SegmentView segment, CancellationToken cancellationToken = default)
    {
        if (run?.Wavefront is not { } wavefront || storage.State.State != JobStateView.Denoising || segment.CompletedSteps == 0)
            return Task.CompletedTask;
        run.Note(segment);
        var change = wavefront.Complete(segment.Segment, segment.CompletedSteps - 1);
        var ready = change.Ready.Select(window => TaskId.Denoise(window.Step, window.Window)).Where(run.Sent.Add).ToArray();
        run.Count(ledgers, storage.State.IsPaused);
        Enqueue(ready);
        Remove(change);
        if (wavefront.IsComplete)
            _ = Self.ContinueAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task ReportFailureAsync(TaskFailure failure, CancellationToken cancellationToken = default)
    {
        if (run is null || CurrentJob().HasEnded || IsAccepted(failure.Task.ToId()))
            return;
        var count = run.Failures[failure.Task.ToId()] = run.Failures.GetValueOrDefault(failure.Task.ToId()) + 1;
        LogTaskFailed(logger, failure.Task, failure.Worker, failure.Code, failure.Message, count);
        if (!failure.IsTransient || count >= options.MaximumAttempts)
            await FailAsync(failure.Code, failure.Message, failure.IsTransient, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ExpireAsync(DateTimeOffset endedAt, CancellationToken cancellationToken = default)
    {
        if (storage.State.Submission is not null && (!CurrentJob().HasEnded || storage.State.EndedAt != endedAt))
            return;
        await JobArtifacts.RemoveAsync(store, id, cancellationToken);
        await storage.ClearStateAsync(cancellationToken);
        DeactivateOnIdle();
    }

    private async Task<RenderJobView> ChangeAsync(Func<RenderJob, RenderJob> change, CancellationToken cancellationToken)
    {
        RequireRun();
        var job = CurrentJob();
        var next = change(job);
        if (next != job)
        {
            await storage.ReplaceAsync(storage.State.With(next, clock.GetUtcNow()), cancellationToken);
            LogChanged(logger, id, job.State, next.State, next.IsPaused);
            run!.Count(ledgers, next.IsPaused);
            TreatInPool();
            _ = Self.ContinueAsync();
        }

        return View();
    }

    private Task<RenderJobView> FailAsync(string code, string message, bool isTransient, CancellationToken cancellationToken) => ChangeAsync(
        job => job.Fail(new JobFailure(code, job.State, message, isTransient)), cancellationToken);

    private static RenderJobState Settle(TaskDelivery delivery, RenderJobState state) => delivery.Task.Kind switch
    {
        TaskKindView.PreparePortrait => state with { DeviceClass = delivery.DeviceClass },
        TaskKindView.PrepareMotion => state with { FrameCount = delivery.FrameCount },
        _ => state,
    };

    private async Task KeepSpecificationAsync(JobSubmission submission, byte[] document, CancellationToken cancellationToken)
    {
        var key = ArtifactKeys.Specification(id);
        if (await store.CreateAsync(key, document, cancellationToken) == CreateOutcome.Exists
            && (await store.ReadAsync(key, cancellationToken))?.Content.Span.SequenceEqual(document) != true)
        {
            throw GrainErrors.OtherSubmission(submission.Tenant, submission.ClientKey, id);
        }
    }

    private JobRun RequireRun() => run ?? throw GrainErrors.UnknownJob(id);

    private JobRun RequireOwn(TaskName task)
    {
        var known = RequireRun();
        return known.Plan.Contains(task.ToId()) && task.Kind != TaskKindView.DenoiseWindow ? known : throw GrainErrors.UnknownTask(task.ToString());
    }

    // Known when the portrait has been prepared.
    private ArtifactKey? Motion => storage.State is { DeviceClass: { } deviceClass, SubmittedAt: var submittedAt }
        ? ArtifactKeys.Motion(submittedAt, run!.Specification, deviceClass)
        : null;

    private RenderJob CurrentJob() => storage.State.ToJob(id);

    private bool IsAccepted(TaskId task) => task.Kind == TaskKind.DenoiseWindow
        ? run!.Wavefront?.CompletedStepsOf(run.Plan.Segments.HomeOf(task.Step, task.Index)) > task.Step
        : ledgers.HasAccepted(task);

    private RenderJobView View()
    {
        var (known, state) = (RequireRun(), storage.State);
        return new RenderJobView
        {
            Job = id,
            Tenant = state.Submission!.Tenant,
            Priority = state.Submission.Priority,
            State = state.State,
            IsPaused = state.IsPaused,
            Progress = known.Progress((JobState)state.State),
            Failure = state.Failure,
            CancelReason = state.CancelReason,
            Waiting = waiting,
            Video = state.State == JobStateView.Succeeded ? ledgers.ResultOf(TaskId.Of(TaskKind.Mux)).Key : null,
            Duplicates = known.Refused.Duplicates + ledgers.Refused.Duplicates,
            Stale = known.Refused.Stale + ledgers.Refused.Stale,
            SubmittedAt = state.SubmittedAt,
            EndedAt = state.EndedAt,
            Specification = state.Submission.Specification,
        };
    }

    private JobLedgers OwnLedgers() => new(id, new OwnedTasks(storage.State.Ledger, WriteAsync, notes), records, notes);

    private Task WriteAsync(LedgerState next, TaskDelivery? accepted, CancellationToken cancellationToken)
    {
        var state = storage.State with { Ledger = next };
        return storage.ReplaceAsync(accepted is null ? state : Settle(accepted, state), cancellationToken);
    }
}
