using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Grains.Dispatch;
using HunyuanPortrait.Grains.Interfaces.Dispatch;
using HunyuanPortrait.Grains.Interfaces.Tenants;
using HunyuanPortrait.Grains.Storage;

namespace HunyuanPortrait.Grains.Tenants;

/// <summary>Lets jobs in and counts them. Tells the pool the tenant's share whenever it lets one in, because the pool forgets.</summary>
public sealed class TenantGrain([PersistentState("tenant", ArtifactGrainStorage.Name)] IPersistentState<TenantState> storage) : Grain, ITenantGrain
{
    /// <inheritdoc/>
    public async Task AdmitAsync(JobAdmission admission, CancellationToken cancellationToken = default)
    {
        var (limits, active) = (storage.State.Limits, storage.State.ActiveJobs);
        if (active.Contains(admission.Job))
            return;
        JobRules.Require(
            new JobTerms(this.GetPrimaryKeyString(), admission.Priority, admission.ClientKey),
            new JobLimits { MaximumFrames = limits.MaximumFrames, MaximumActiveJobs = limits.MaximumActiveJobs, MaximumPriority = limits.MaximumPriority },
            admission.FrameCount, active.Count);
        await storage.ReplaceAsync(storage.State with { ActiveJobs = [.. active, admission.Job] }, cancellationToken);
        await TellPoolAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(string job, CancellationToken cancellationToken = default) => storage.State.ActiveJobs.Contains(job)
        ? storage.ReplaceAsync(storage.State with { ActiveJobs = [.. storage.State.ActiveJobs.Where(active => active != job)] }, cancellationToken)
        : Task.CompletedTask;

    /// <inheritdoc/>
    public async Task SetLimitsAsync(TenantLimitsView limits, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limits.Weight);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaximumConcurrentTasks, 1);
        await storage.ReplaceAsync(storage.State with { Limits = limits }, cancellationToken);
        await TellPoolAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<TenantView> GetAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new TenantView { Limits = storage.State.Limits, ActiveJobs = storage.State.ActiveJobs });

    private Task TellPoolAsync(CancellationToken cancellationToken) => GrainFactory.GetGrain<IGpuPoolGrain>(PoolNames.Default).SetShareAsync(
        this.GetPrimaryKeyString(), storage.State.Limits.Weight, storage.State.Limits.MaximumConcurrentTasks, cancellationToken);
}

/// <summary>What a tenant remembers.</summary>
[GenerateSerializer, Immutable, Alias("hp.TenantState")]
public sealed record TenantState
{
    private static readonly JobLimits Usual = new();

    /// <summary>What it may have.</summary>
    [Id(0)]
    public TenantLimitsView Limits { get; init; } = new()
    {
        MaximumFrames = Usual.MaximumFrames,
        MaximumActiveJobs = Usual.MaximumActiveJobs,
        MaximumPriority = Usual.MaximumPriority,
        Weight = 1,
        MaximumConcurrentTasks = int.MaxValue,
    };

    /// <summary>Its jobs that have not ended.</summary>
    [Id(1)] public IReadOnlyList<string> ActiveJobs { get; init; } = [];
}
