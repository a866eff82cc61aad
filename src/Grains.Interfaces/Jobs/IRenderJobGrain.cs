using HunyuanPortrait.Grains.Interfaces.Tasks;
using Orleans.Concurrency;

namespace HunyuanPortrait.Grains.Interfaces.Jobs;

/// <summary>The coordinator of one job; the key is the job's id.</summary>
[Alias("hp.IRenderJobGrain")]
public interface IRenderJobGrain : ITaskOwnerGrain
{
    /// <summary>Takes the job. The same submission again changes nothing and answers how the job is.</summary>
    [Alias("Submit")]
    Task<RenderJobView> SubmitAsync(JobSubmission submission, CancellationToken cancellationToken = default);

    /// <summary>How the job is.</summary>
    [Alias("Get")]
    Task<RenderJobView> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>Ends the job. What is in hand is stopped.</summary>
    [Alias("Cancel")]
    Task<RenderJobView> CancelAsync(string reason, CancellationToken cancellationToken = default);

    /// <summary>Leases nothing more until the job is resumed.</summary>
    [Alias("Pause")]
    Task<RenderJobView> PauseAsync(CancellationToken cancellationToken = default);

    /// <summary>Goes on with a paused job.</summary>
    [Alias("Resume")]
    Task<RenderJobView> ResumeAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes sure that the job is at work. Called by the pool for every job that has not ended.</summary>
    [Alias("Wake")]
    Task WakeAsync(CancellationToken cancellationToken = default);

    /// <summary>Takes note that a segment is further.</summary>
    [Alias("SegmentCompleted")]
    Task SegmentCompletedAsync(SegmentView segment, CancellationToken cancellationToken = default);

    /// <summary>Takes note that a worker could not do a task. The job fails when that is final.</summary>
    [Alias("ReportFailure")]
    Task ReportFailureAsync(TaskFailure failure, CancellationToken cancellationToken = default);

    /// <summary>Forgets the job and removes its artifacts, if it is the one that ended then. A job that has not ended stays.</summary>
    /// <param name="endedAt">When it ended.</param>
    /// <param name="cancellationToken">Stops between two artifacts; what is left is removed by the next call.</param>
    [Alias("Expire")]
    Task ExpireAsync(DateTimeOffset endedAt, CancellationToken cancellationToken = default);

    /// <summary>Goes on with what follows from the job's state; sent by the job to itself.</summary>
    [Alias("Continue"), OneWay]
    Task ContinueAsync();
}
