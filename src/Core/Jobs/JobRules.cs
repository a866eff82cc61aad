using System.Text.RegularExpressions;
using HunyuanPortrait.Core.Options;

namespace HunyuanPortrait.Core.Jobs;

/// <summary>What a submission must keep to. Every rule yields one sentence for its failure, so that a user sees all of them at once.</summary>
public static partial class JobRules
{
    /// <summary>Lowest priority of a job.</summary>
    public const int LowestPriority = -10;

    /// <summary>Highest priority of a job.</summary>
    public const int HighestPriority = 10;

    private const int LongestClientKey = 128;

    /// <summary>Failures of a submission; none when it can be taken.</summary>
    /// <param name="terms">Tenant, priority, client key.</param>
    /// <param name="limits">Of the tenant.</param>
    /// <param name="frameCount">Driving frames.</param>
    public static IEnumerable<string> Failures(JobTerms terms, JobLimits limits, int frameCount)
    {
        if (!TenantName().IsMatch(terms.Tenant))
            yield return $"tenant ('{terms.Tenant}') must be 1 to 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit";
        var highest = Math.Min(limits.MaximumPriority, HighestPriority);
        if (terms.Priority < LowestPriority || terms.Priority > highest)
            yield return $"priority ({terms.Priority}) must be {LowestPriority} to {highest}";
        if (terms.ClientKey is { } key && (key.Length is 0 or > LongestClientKey || key.Any(char.IsControl)))
            yield return $"clientKey must be 1 to {LongestClientKey} characters without control characters, it has {key.Length}";
        if (frameCount < 1 || frameCount > limits.MaximumFrames)
            yield return $"the driving video's frames ({frameCount}) must be 1 to {limits.MaximumFrames}";
    }

    /// <summary>Lets a submission pass or says why not.</summary>
    /// <param name="terms">Tenant, priority, client key.</param>
    /// <param name="limits">Of the tenant.</param>
    /// <param name="frameCount">Driving frames.</param>
    /// <param name="activeJobs">Jobs of the tenant that have not ended, without this one.</param>
    /// <exception cref="Errors.RenderException">HP3001: the terms do not fit; HP6002 (transient): too many jobs.</exception>
    public static void Require(JobTerms terms, JobLimits limits, int frameCount, int activeJobs)
    {
        OptionErrors.ThrowIfAny(Failures(terms, limits, frameCount));
        if (activeJobs >= limits.MaximumActiveJobs)
            throw JobErrors.TooManyJobs(terms.Tenant, activeJobs, limits.MaximumActiveJobs);
    }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex TenantName();
}
