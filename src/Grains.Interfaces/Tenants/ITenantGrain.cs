namespace HunyuanPortrait.Grains.Interfaces.Tenants;

/// <summary>What a tenant may have and has; the key is the tenant's name.</summary>
[Alias("hp.ITenantGrain")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Lets a job in or refuses it. A job that is in already stays.</summary>
    [Alias("Admit")]
    Task AdmitAsync(JobAdmission admission, CancellationToken cancellationToken = default);

    /// <summary>Takes note that a job has ended.</summary>
    [Alias("Release")]
    Task ReleaseAsync(string job, CancellationToken cancellationToken = default);

    /// <summary>Changes what the tenant may have.</summary>
    [Alias("SetLimits")]
    Task SetLimitsAsync(TenantLimitsView limits, CancellationToken cancellationToken = default);

    /// <summary>What the tenant may have and has.</summary>
    [Alias("Get")]
    Task<TenantView> GetAsync(CancellationToken cancellationToken = default);
}

/// <summary>A job that wants to be let in.</summary>
[GenerateSerializer, Immutable, Alias("hp.JobAdmission")]
public sealed record JobAdmission
{
    /// <summary>The job.</summary>
    [Id(0)] public required string Job { get; init; }

    /// <summary>Its priority.</summary>
    [Id(1)] public required int Priority { get; init; }

    /// <summary>Driving frames.</summary>
    [Id(2)] public required int FrameCount { get; init; }

    /// <summary>The client's name for it.</summary>
    [Id(3)] public required string ClientKey { get; init; }
}

/// <summary>What a tenant may have.</summary>
[GenerateSerializer, Immutable, Alias("hp.TenantLimitsView")]
public sealed record TenantLimitsView
{
    /// <summary>Most driving frames of one job.</summary>
    [Id(0)] public required int MaximumFrames { get; init; }

    /// <summary>Most jobs that have not ended.</summary>
    [Id(1)] public required int MaximumActiveJobs { get; init; }

    /// <summary>Highest priority.</summary>
    [Id(2)] public required int MaximumPriority { get; init; }

    /// <summary>Its part of the devices is this over the sum of all who wait.</summary>
    [Id(3)] public required double Weight { get; init; }

    /// <summary>Most tasks that are leased at a time.</summary>
    [Id(4)] public required int MaximumConcurrentTasks { get; init; }
}

/// <summary>What a tenant may have and has.</summary>
[GenerateSerializer, Immutable, Alias("hp.TenantView")]
public sealed record TenantView
{
    /// <summary>What it may have.</summary>
    [Id(0)] public required TenantLimitsView Limits { get; init; }

    /// <summary>Its jobs that have not ended.</summary>
    [Id(1)] public required IReadOnlyList<string> ActiveJobs { get; init; }
}
