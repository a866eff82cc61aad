namespace HunyuanPortrait.Core.Jobs;

/// <summary>An immutable snapshot of a job's state machine; every transition returns a new one.</summary>
/// <param name="Id">The job.</param>
/// <param name="State">Where it stands.</param>
/// <param name="IsPaused">Nothing is leased for it; what is in hand is finished, so a paused job may still move to its next stage.</param>
/// <param name="Failure">Why it failed; null unless <see cref="JobState.Failed"/>.</param>
/// <param name="CancelReason">Why it was cancelled; null unless <see cref="JobState.Cancelled"/>.</param>
public sealed record RenderJob(string Id, JobState State, bool IsPaused = false, JobFailure? Failure = null, string? CancelReason = null)
{
    /// <summary>A job that was just submitted.</summary>
    public static RenderJob Submit(string id) => new(id, JobState.Submitted);

    /// <summary>Whether nothing more will happen to it.</summary>
    public bool HasEnded => State is JobState.Succeeded or JobState.Failed or JobState.Cancelled;

    /// <summary>Whether its tasks may be leased.</summary>
    public bool MayLease => !HasEnded && !IsPaused;

    /// <summary>Goes forward to the next stage: <see cref="JobEvent.Prepare"/> … <see cref="JobEvent.Succeed"/>.</summary>
    /// <exception cref="Errors.RenderException">HP6001: not from this state.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The event has a method of its own.</exception>
    public RenderJob Advance(JobEvent stage)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)stage, (int)JobEvent.Succeed, nameof(stage));
        return After(stage);
    }

    /// <summary>Ends the job with a failure.</summary>
    /// <exception cref="Errors.RenderException">HP6001: the job has ended.</exception>
    public RenderJob Fail(JobFailure failure) => After(JobEvent.Fail) with { Failure = failure };

    /// <summary>Ends the job on request. Cancelling again changes nothing: the first reason stays.</summary>
    /// <exception cref="Errors.RenderException">HP6001: the job has ended otherwise.</exception>
    public RenderJob Cancel(string reason)
    {
        var cancelled = After(JobEvent.Cancel);
        return cancelled with { CancelReason = cancelled.CancelReason ?? reason };
    }

    /// <summary>Stops leasing; pausing a paused job changes nothing.</summary>
    /// <exception cref="Errors.RenderException">HP6001: the job has ended.</exception>
    public RenderJob Pause() => After(JobEvent.Pause) with { IsPaused = true };

    /// <summary>Goes on leasing; resuming a job that is not paused changes nothing.</summary>
    /// <exception cref="Errors.RenderException">HP6001: the job has ended.</exception>
    public RenderJob Resume() => After(JobEvent.Resume) with { IsPaused = false };

    private RenderJob After(JobEvent jobEvent)
    {
        var next = JobTransitions.Next(State, jobEvent) ?? throw JobErrors.InvalidTransition(Id, State, jobEvent);
        var moved = this with { State = next };
        return moved.HasEnded ? moved with { IsPaused = false } : moved;
    }
}
