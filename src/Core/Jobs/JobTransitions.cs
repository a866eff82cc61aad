namespace HunyuanPortrait.Core.Jobs;

/// <summary>The table of the job's state machine.</summary>
public static class JobTransitions
{
    /// <summary>The state after an event, or null where the event is not allowed.</summary>
    /// <remarks>
    /// Work goes forward one stage at a time. A job that has not ended may fail, be cancelled, paused or resumed; pausing and resuming keep the
    /// state. A cancelled job may be cancelled again, because requests are repeated; any other event after the end is refused.
    /// </remarks>
    public static JobState? Next(JobState from, JobEvent jobEvent) => (from, jobEvent) switch
    {
        (JobState.Submitted, JobEvent.Prepare) => JobState.Preparing,
        (JobState.Preparing, JobEvent.Denoise) => JobState.Denoising,
        (JobState.Denoising, JobEvent.Decode) => JobState.Decoding,
        (JobState.Decoding, JobEvent.Mux) => JobState.Muxing,
        (JobState.Muxing, JobEvent.Succeed) => JobState.Succeeded,
        (JobState.Cancelled, JobEvent.Cancel) => JobState.Cancelled,
        (JobState.Succeeded or JobState.Failed or JobState.Cancelled, _) => null,
        (_, JobEvent.Fail) => JobState.Failed,
        (_, JobEvent.Cancel) => JobState.Cancelled,
        (_, JobEvent.Pause or JobEvent.Resume) => from,
        _ => null,
    };
}
