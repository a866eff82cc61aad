using System.Globalization;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Interfaces.Segments;
using HunyuanPortrait.Grains.Interfaces.Tasks;
using HunyuanPortrait.Grains.Messages;
using HunyuanPortrait.Grains.Storage;
using HunyuanPortrait.Grains.Tasks;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace HunyuanPortrait.Grains.Segments;

/// <summary>
/// Owns the latents of some frames. Accepting is durable before it is answered; what neighbours have to know is told off the turn, and whoever missed
/// it asks (<see cref="ReportAsync"/>), so that nothing but the ledger has to be stored: how many steps are complete is what latents there are.
/// </summary>
public sealed partial class LatentSegmentGrain : Grain, ILatentSegmentGrain
{
    private readonly IPersistentState<SegmentState> storage;
    private readonly IArtifactStore store;
    private readonly ISegmentBlender blender;
    private readonly OwnerNotes notes;
    private readonly CoordinationOptions options;
    private readonly Outbox outbox;
    private readonly string job;
    private readonly int segment;
    private SegmentPlan? plan;
    private SegmentContributions? contributions;

    // From the activation on, which reads what it begins with.
    private OwnedTasks tasks = null!;
    private IRenderJobGrain coordinator = null!;

    /// <summary>Created by Orleans.</summary>
    public LatentSegmentGrain(
        [PersistentState("segment", ArtifactGrainStorage.Name)] IPersistentState<SegmentState> storage,
        SegmentServices services,
        ILogger<LatentSegmentGrain> logger)
    {
        this.storage = storage;
        (store, blender, options) = (services.Store, services.Blender, services.Options.Value);
        (job, segment) = SegmentNames.Parse(this.GetPrimaryKeyString());
        notes = new OwnerNotes(services.History, job, this.GetPrimaryKeyString());
        outbox = new Outbox(this.GetPrimaryKeyString(), logger);
    }

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        tasks = OwnTasks();
        coordinator = GrainFactory.GetGrain<IRenderJobGrain>(job);
        this.RegisterGrainTimer(RetryAsync, new GrainTimerCreationOptions(options.SweepInterval, options.SweepInterval) { Interleave = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<LeaseGrant> OpenLeaseAsync(TaskName task, CancellationToken cancellationToken = default)
    {
        await LoadAsync(cancellationToken);
        RequireOwn(task);
        return (await tasks.OpenAsync(task.ToId(), cancellationToken)).ToGrant();
    }

    /// <inheritdoc/>
    public async Task<AcceptanceView> AcceptAsync(TaskDelivery delivery, CancellationToken cancellationToken = default)
    {
        await LoadAsync(cancellationToken);
        RequireOwn(delivery.Task);
        var answer = await tasks.AcceptAsync(delivery, cancellationToken);
        if (answer == AcceptAnswer.Accepted)
            Spread(delivery.Task.ToId(), delivery.Result());
        return (AcceptanceView)answer;
    }

    /// <inheritdoc/>
    public async Task ContributeAsync(WindowContribution contribution, CancellationToken cancellationToken = default)
    {
        await LoadAsync(cancellationToken);
        Contribute(contribution);
    }

    /// <inheritdoc/>
    public Task<WindowContribution?> FindResultAsync(int stepIndex, int window, CancellationToken cancellationToken = default) =>
        Task.FromResult(tasks.Accepted.TryGetValue(TaskId.Denoise(stepIndex, window), out var result)
            ? Contribution(stepIndex, window, result)
            : null);

    /// <inheritdoc/>
    public async Task<SegmentView> ReportAsync(CancellationToken cancellationToken = default)
    {
        await LoadAsync(cancellationToken);
        AskForMissing();
        outbox.Retry();
        return View();
    }

    /// <inheritdoc/>
    public async Task AdvanceAsync()
    {
        await LoadAsync(CancellationToken.None);
        while (contributions!.IsReadyToBlend)
        {
            var place = new SegmentLatents(segment, contributions.CompletedSteps);
            var windows = contributions.Results.Select(pair => new WindowResult(pair.Key, ResultText.Parse(pair.Value))).ToArray();
            var task = TaskId.Denoise(place.Step, segment);
            notes.Note(HistoryKind.Blend, task, 0, string.Join(' ', windows.Select(window => $"{window.Window}={window.Result.Key}")));
            if (await blender.BlendAsync(job, plan!, place, windows, CancellationToken.None) == CreateOutcome.Created)
                notes.Note(HistoryKind.Publish, task, 0);
            contributions = contributions.Complete();
            TellCoordinator();
        }
    }

    /// <inheritdoc/>
    public async Task DiscardAsync(CancellationToken cancellationToken = default)
    {
        await storage.ClearStateAsync(cancellationToken);
        DeactivateOnIdle();
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (contributions is not null)
            return;
        var (specification, preparation) = await JobFiles.ReadPreparedAsync(store, job, cancellationToken);
        var shape = specification.Shape(preparation.FrameCount);
        plan = new SegmentPlan(preparation.FrameCount + 2 * shape.PaddingFrames, shape.Windows, shape.StepCount);
        var step = await JobFiles.CompletedStepsAsync(store, job, segment, cancellationToken);
        contributions = new SegmentContributions(plan, segment, step, tasks.Accepted
            .Where(accepted => accepted.Key.Step == step && step < plan.StepCount && plan.WindowsOf(step, segment).Contains(accepted.Key.Index))
            .Select(accepted => KeyValuePair.Create(accepted.Key.Index, ResultText.Of(accepted.Value))));
        if (step > 0)
            TellCoordinator();
        if (contributions.IsReadyToBlend)
            _ = this.AsReference<ILatentSegmentGrain>().AdvanceAsync();
    }

    private void RequireOwn(TaskName task)
    {
        if (task.Job != job || task.Kind != TaskKindView.DenoiseWindow || (uint)task.Step >= (uint)plan!.StepCount
            || (uint)task.Index >= (uint)plan.WindowCount || plan.HomeOf(task.Step, task.Index) != segment)
        {
            throw GrainErrors.UnknownTask(task.ToString());
        }
    }

    private void Spread(TaskId window, TaskResult result)
    {
        var contribution = Contribution(window.Step, window.Index, result);
        foreach (var touched in plan!.SegmentsOf(window.Step, window.Index))
        {
            if (touched == segment)
                Contribute(contribution);
            else
                outbox.Send($"contribute {window} to {touched}", () => Neighbour(touched).ContributeAsync(contribution));
        }
    }

    private void Contribute(WindowContribution contribution)
    {
        var (answer, next) = contributions!.Add(
            new StepWindow(contribution.Step, contribution.Window), ResultText.Of(new TaskResult(contribution.ResultKey, contribution.Sha256)));
        if (answer == ContributionAnswer.Early)
        {
            // Only an activation that another one has overtaken can be that far behind.
            DeactivateOnIdle();
            throw new InconsistentStateException($"Segment {segment} of job {job} is behind window {contribution.Window} of step {contribution.Step}.");
        }

        contributions = next;
        if (contributions.IsReadyToBlend)
            _ = this.AsReference<ILatentSegmentGrain>().AdvanceAsync();
    }

    private void AskForMissing()
    {
        if (contributions!.HasEnded)
            return;
        var step = contributions.CompletedSteps;
        foreach (var window in contributions.Expected.Where(window => !contributions.Results.ContainsKey(window)))
        {
            var home = plan!.HomeOf(step, window);
            if (home != segment)
                outbox.Send(string.Create(CultureInfo.InvariantCulture, $"ask for {step}/{window}"), () => AskAsync(step, window, home));
        }

        if (contributions.IsReadyToBlend)
            _ = this.AsReference<ILatentSegmentGrain>().AdvanceAsync();
    }

    private async Task AskAsync(int step, int window, int home)
    {
        if (await Neighbour(home).FindResultAsync(step, window) is { } contribution)
            await this.AsReference<ILatentSegmentGrain>().ContributeAsync(contribution);
    }

    private void TellCoordinator()
    {
        var view = View();
        outbox.Send(string.Create(CultureInfo.InvariantCulture, $"completed {view.CompletedSteps}"), () => coordinator.SegmentCompletedAsync(view));
    }

    private SegmentView View() => new()
    {
        Segment = segment,
        CompletedSteps = contributions!.CompletedSteps,
        AcceptedWindows = [.. tasks.Accepted.Keys.Where(task => task.Step == contributions.CompletedSteps).Select(task => task.Index)],
        Duplicates = tasks.Counts.Duplicates,
        Stale = tasks.Counts.Stale,
        Results = [.. tasks.Accepted.Where(accepted => accepted.Key.Step == contributions.CompletedSteps - 1)
            .Select(accepted => Contribution(accepted.Key.Step, accepted.Key.Index, accepted.Value))],
    };

    private Task RetryAsync(CancellationToken cancellationToken)
    {
        outbox.Retry();
        return Task.CompletedTask;
    }

    private ILatentSegmentGrain Neighbour(int other) => GrainFactory.GetGrain<ILatentSegmentGrain>(SegmentNames.Of(job, other));

    private OwnedTasks OwnTasks() => new(
        storage.State.Ledger, (next, _, stop) => storage.ReplaceAsync(storage.State with { Ledger = next }, stop), notes);

    private static WindowContribution Contribution(int step, int window, TaskResult result) =>
        new() { Step = step, Window = window, ResultKey = result.Key, Sha256 = result.Sha256 };
}
