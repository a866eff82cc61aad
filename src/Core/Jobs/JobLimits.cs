namespace HunyuanPortrait.Core.Jobs;

/// <summary>What a cluster takes from a tenant.</summary>
public sealed record JobLimits
{
    /// <summary>Most driving frames of one job; an hour at 25 frames a second by default.</summary>
    public int MaximumFrames { get; init; } = 90_000;

    /// <summary>Most jobs of the tenant that have not ended; 1000 by default.</summary>
    public int MaximumActiveJobs { get; init; } = 1000;

    /// <summary>Highest priority that the tenant may give, at most <see cref="JobRules.HighestPriority"/>; that by default.</summary>
    public int MaximumPriority { get; init; } = JobRules.HighestPriority;
}

/// <summary>How a job is to be treated, apart from what it renders.</summary>
/// <param name="Tenant">Who pays for it: lower-case letters, digits and hyphens.</param>
/// <param name="Priority">−10 … 10; higher goes first among the tenant's jobs. It does not touch other tenants' shares.</param>
/// <param name="ClientKey">Names the submission, so that a repeated one finds the same job; null for none.</param>
public sealed record JobTerms(string Tenant, int Priority = 0, string? ClientKey = null);
