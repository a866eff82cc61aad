using System.Globalization;
using System.Text;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Grains.Dispatch;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Grains.Interfaces.Dispatch;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Interfaces.Motion;
using HunyuanPortrait.Grains.Interfaces.Segments;
using HunyuanPortrait.Grains.Interfaces.Tasks;
using HunyuanPortrait.Grains.Interfaces.Tenants;
using HunyuanPortrait.Grains.Segments;
using HunyuanPortrait.Grains.Storage;
using HunyuanPortrait.Grains.Tasks;

namespace HunyuanPortrait.Grains.Jobs;

/// <summary>What follows from a job's state. Every part may be done again.</summary>
public sealed partial class RenderJobGrain
{
    // Blockers that are asked in one sweep: the others get further when these do.
    private const int AskedPerSweep = 64;

    private Guid pool;
    private string? waiting;
    private long? waitingSince;
    private bool isReleased;
    private IGrainTimer? sweep;
    private int lastSlowest = -1;

    /// <inheritdoc/>
    public async Task ContinueAsync()
    {
        if (run is null)
            return;
        while (await AdvanceAsync())
        {
        }

        if (CurrentJob().HasEnded)
            await ReleaseAsync();
        else if (CurrentJob().MayLease)
            Enqueue(run.TakeUnsent(CurrentJob().State, ledgers));
    }

    /// <summary>Takes the job up; does nothing where that was done.</summary>
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (run is not null)
            return;
        var begun = new JobRun(
            JobDocuments.ReadSpecification(Encoding.UTF8.GetBytes(storage.State.Submission!.Specification)), storage.State.FrameCount, clock);
        await ledgers.LoadAsync(begun.Plan, cancellationToken);
        run = begun;
        run.Recall(CurrentJob().State, ledgers);
        sweep = this.RegisterGrainTimer(
            SweepAsync, new GrainTimerCreationOptions(options.SweepInterval, options.SweepInterval) { KeepAlive = !CurrentJob().HasEnded });
        _ = Self.ContinueAsync();
    }

    /// <returns>Whether the job is in another state now.</returns>
    private async Task<bool> AdvanceAsync()
    {
        var job = CurrentJob();
        switch (job.State)
        {
            case JobState.Submitted:
                return await EnterAsync(job.Advance(JobEvent.Prepare));
            case JobState.Preparing when StageTasks.IsComplete(job.State, run!.Plan, ledgers):
                await WritePreparationAsync();
                run.Wavefront = new Wavefront(run.Plan.Segments);
                return await EnterAsync(job.Advance(JobEvent.Denoise));
            case JobState.Denoising:
                await FindWavefrontAsync();
                return run!.Wavefront!.IsComplete && await EnterAsync(job.Advance(JobEvent.Decode));
            case JobState.Decoding when StageTasks.IsComplete(job.State, run!.Plan, ledgers):
                return await EnterAsync(job.Advance(JobEvent.Mux));
            case JobState.Muxing when StageTasks.IsComplete(job.State, run!.Plan, ledgers):
                return await EnterAsync(job.Advance(JobEvent.Succeed));
            default:
                return false;
        }
    }

    private async Task<bool> EnterAsync(RenderJob next)
    {
        var before = storage.State.State;
        await storage.ReplaceAsync(storage.State.With(next, clock.GetUtcNow()));
        run!.Count(ledgers, next.IsPaused);
        LogChanged(logger, id, (JobState)before, next.State, next.IsPaused);
        return true;
    }

    private async Task WritePreparationAsync()
    {
        var state = storage.State;
        var preparation = new Preparation(
            state.FrameCount, state.DeviceClass!, ledgers.ResultOf(TaskId.Of(TaskKind.PreparePortrait)).Key,
            Motion!.Value);
        await store.CreateAsync(ArtifactKeys.Preparation(id), JobDocuments.Write(preparation));
    }

    private async Task FindWavefrontAsync()
    {
        if (run!.Wavefront is not null)
            return;
        var segments = await Task.WhenAll(Enumerable.Range(0, run!.Plan.Segments.SegmentCount).Select(segment => Segment(segment).ReportAsync()));
        run.Wavefront = new Wavefront(run.Plan.Segments, [.. segments.Select(segment => segment.CompletedSteps)]);
        run.Recall(CurrentJob().State, ledgers);
        foreach (var segment in segments)
        {
            run.Note(segment);
            foreach (var window in segment.AcceptedWindows)
                run.Sent.Add(TaskId.Denoise(segment.CompletedSteps, window));
        }
    }

    private void Enqueue(IReadOnlyList<TaskId> tasks)
    {
        if (tasks.Count == 0)
            return;
        var submission = storage.State.Submission!;
        var model = run!.Specification.Model;
        var deviceClass = storage.State.DeviceClass ?? run.Specification.DeviceClass;
        var ready = new ReadyTasks
        {
            Job = id,
            Tenant = submission.Tenant,
            Priority = submission.Priority,
            SubmittedAt = storage.State.SubmittedAt,
            Model = deviceClass is null ? model : PoolNames.ModelOn(model, deviceClass),
            Segments = run.Plan.Segments.ToView(),
            Tasks = [.. tasks.Select(task => task.ToName(id, run.Plan.Segments))],
        };
        outbox.Send($"enqueue {tasks[0]} and {tasks.Count - 1} more", async () => await MeetPoolAsync(await Pool.EnqueueAsync(ready)));
    }

    /// <summary>A pool that was restarted knows nothing.</summary>
    private Task MeetPoolAsync(Guid met)
    {
        if (pool == met)
            return Task.CompletedTask;
        var isFirst = pool == default;
        pool = met;
        if (isFirst)
            return Task.CompletedTask;
        run!.Sent.Clear();
        TreatInPool();
        return Self.ContinueAsync();
    }

    private void TreatInPool()
    {
        var job = CurrentJob();
        var treatment = job.HasEnded ? JobTreatment.Drop : job.IsPaused ? JobTreatment.Pause : JobTreatment.Lease;
        outbox.Send($"treat {treatment}", async () => await MeetPoolAsync(await Pool.TreatAsync(id, treatment)));
    }

    private void Announce(TaskDelivery delivery)
    {
        if (delivery.Task.Kind != TaskKindView.EncodeMotion)
            return;
        var chunk = new MotionChunk
        {
            Group = delivery.Task.Index,
            Motion = Motion!.Value,
            Sha256 = delivery.Sha256,
        };
        outbox.Send($"announce {delivery.Task.Index}", () => GrainFactory.GetGrain<IMotionTrackGrain>(id).AnnounceAsync(chunk));
    }

    private void Remove(WavefrontChange change)
    {
        if (options.KeepIntermediates)
            return;
        foreach (var result in change.ObsoleteResults.Select(run!.TakeResult).OfType<string>())
            outbox.Send($"remove {result}", () => store.DeleteAsync(ArtifactKey.Parse(result)));
        foreach (var latents in change.ObsoleteLatents)
            outbox.Send($"remove {latents}", () => store.DeleteAsync(ArtifactKeys.Latents(id, latents.Segment, latents.Step)));
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        outbox.Retry();
        if (run is null || isReleased)
            return;
        if (CurrentJob().HasEnded || (storage.State.State == JobStateView.Denoising && run.Wavefront is null))
            await ContinueAsync();
        if (CurrentJob().HasEnded)
            return;
        var deviceClass = storage.State.DeviceClass ?? run.Specification.DeviceClass;
        var model = run.Specification.Model;
        var check = await Pool.CheckAsync(id, deviceClass is null ? model : PoolNames.ModelOn(model, deviceClass), cancellationToken);
        await MeetPoolAsync(check.Pool);
        await WaitForModelAsync(check, cancellationToken);
        AskBlockers();
    }

    private async Task WaitForModelAsync(PoolCheck check, CancellationToken cancellationToken)
    {
        if (check.WorkersWithModel > 0 || !CurrentJob().MayLease)
        {
            (waiting, waitingSince) = (null, null);
            return;
        }

        waitingSince ??= clock.GetTimestamp();
        var waited = clock.GetElapsedTime(waitingSince.Value);
        var refusal = GrainErrors.NoWorkerWithModel(run!.Specification.Model, check.Workers, waited);
        waiting = refusal.Message;
        if (waited >= options.ModelTimeout)
            await FailAsync(refusal.Code, refusal.Message, refusal.IsTransient, cancellationToken);
    }

    /// <summary>When the slowest segments have not moved since the last sweep, they may have missed something: asking wakes them.</summary>
    private void AskBlockers()
    {
        if (storage.State.State != JobStateView.Denoising || run!.Wavefront is not { } wavefront)
            return;
        var slowest = wavefront.Spread().Slowest * 100_000 + wavefront.CompletedWindows % 100_000;
        var isStuck = slowest == lastSlowest;
        lastSlowest = slowest;
        if (!isStuck)
            return;
        var step = wavefront.Spread().Slowest;
        foreach (var segment in Enumerable.Range(0, run.Plan.Segments.SegmentCount).Where(each => wavefront.CompletedStepsOf(each) == step).Take(AskedPerSweep))
            outbox.Send(string.Create(CultureInfo.InvariantCulture, $"ask {segment}"), async () => await Self.SegmentCompletedAsync(await Segment(segment).ReportAsync()));
    }

    private async Task ReleaseAsync()
    {
        // The marker goes last, so without it nothing is left to be done.
        if (isReleased || (isReleased = await store.ReadAsync(ArtifactKeys.Active(id)) is null))
            return;
        var state = CurrentJob().State;
        notes.Note(HistoryKind.End, default, 0, state.ToString());
        await Pool.TreatAsync(id, JobTreatment.Drop);
        if (storage.State.FrameCount > 0 && await store.ReadAsync(ArtifactKeys.Preparation(id)) is not null)
            await Task.WhenAll(Enumerable.Range(0, run!.Plan.Segments.SegmentCount).Select(segment => Segment(segment).DiscardAsync()));
        await GrainFactory.GetGrain<IMotionTrackGrain>(id).DiscardAsync();
        await GrainFactory.GetGrain<ITenantGrain>(storage.State.Submission!.Tenant).ReleaseAsync(id);
        if (!options.KeepIntermediates)
            await RemoveIntermediatesAsync(state);
        await JobArtifacts.MarkEndedAsync(store, Retained(state));
        await store.DeleteAsync(ArtifactKeys.Active(id));
        isReleased = true;

        // It keeps the activation in memory, where an ended job need not be.
        sweep?.Dispose();
    }

    /// <summary>The documents stay for workers too that come late, which find out from them that they do.</summary>
    private JobRetention Retained(JobState state)
    {
        ArtifactKey[] documents = [ArtifactKeys.Specification(id), ArtifactKeys.Preparation(id)];
        return new JobRetention(
            id, storage.State.EndedAt!.Value, retention.Grace, retention.KeepFor,
            [.. documents.Select(key => key.Value), .. state == JobState.Succeeded ? [ledgers.ResultOf(TaskId.Of(TaskKind.Mux)).Key] : Array.Empty<string>()])
        {
            IsTrimmed = options.KeepIntermediates,
        };
    }

    /// <summary>
    /// What is large goes at once; what late workers may still write, and the final latents, go when the grace time has passed
    /// (<see cref="RetentionOptions.Grace"/>).
    /// </summary>
    private async Task RemoveIntermediatesAsync(JobState state)
    {
        await store.DeleteFolderAsync(ArtifactKeys.Windows(id));
        await store.DeleteFolderAsync(ArtifactKeys.Job(id) / nameof(TaskKind.DecodeChunk));
        await store.DeleteFolderAsync(ArtifactKeys.Job(id) / nameof(TaskKind.EncodePart));
        if (state != JobState.Succeeded)
            await store.DeleteFolderAsync(ArtifactKeys.Job(id) / "latents");
    }

    private ILatentSegmentGrain Segment(int segment) => GrainFactory.GetGrain<ILatentSegmentGrain>(SegmentNames.Of(id, segment));
}
