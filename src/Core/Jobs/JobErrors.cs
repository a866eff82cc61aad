using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Core.Jobs;

/// <summary>Refusals of jobs, HP60xx.</summary>
public static class JobErrors
{
    /// <summary>HP6001: the event is not allowed in the job's state.</summary>
    public static RenderException InvalidTransition(string jobId, JobState from, JobEvent jobEvent) => new(
        "HP6001",
        $"Job {jobId} is {from}; it cannot {Verb(jobEvent)}. " +
        (from is JobState.Succeeded or JobState.Failed or JobState.Cancelled
            ? "It has ended: submit a new job."
            : $"From {from} it can go to {string.Join(", ", Targets(from))}."));

    /// <summary>HP6002: the tenant has as many jobs as it may have. Transient: one of them ends some time.</summary>
    public static RenderException TooManyJobs(string tenant, int activeJobs, int limit) => new(
        "HP6002",
        $"Tenant {tenant} has {activeJobs} jobs that have not ended; its limit is {limit}. Wait for one of them, cancel one, or raise the limit.",
        isTransient: true);

    private static string Verb(JobEvent jobEvent) => jobEvent switch
    {
        JobEvent.Prepare => "become Preparing",
        JobEvent.Denoise => "become Denoising",
        JobEvent.Decode => "become Decoding",
        JobEvent.Mux => "become Muxing",
        JobEvent.Succeed => "become Succeeded",
        JobEvent.Fail => "become Failed",
        JobEvent.Cancel => "become Cancelled",
        JobEvent.Pause => "be paused",
        _ => "be resumed",
    };

    private static IEnumerable<JobState> Targets(JobState from) =>
        Enum.GetValues<JobEvent>().Select(jobEvent => JobTransitions.Next(from, jobEvent)).OfType<JobState>().Where(to => to != from).Distinct();
}
