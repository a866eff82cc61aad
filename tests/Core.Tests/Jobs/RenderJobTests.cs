using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Jobs;
using State = HunyuanPortrait.Core.Jobs.JobState;

namespace HunyuanPortrait.Core.Tests.Jobs;

public sealed class RenderJobTests
{
    private static readonly JobFailure Failure = new("HP5021", State.Denoising, "No memory.", true);

    // One row a state, one column an event: Prepare, Denoise, Decode, Mux, Succeed, Fail, Cancel, Pause, Resume.
    private static readonly Dictionary<JobState, JobState?[]> Table = new()
    {
        [State.Submitted] = [State.Preparing, null, null, null, null, State.Failed, State.Cancelled, State.Submitted, State.Submitted],
        [State.Preparing] = [null, State.Denoising, null, null, null, State.Failed, State.Cancelled, State.Preparing, State.Preparing],
        [State.Denoising] = [null, null, State.Decoding, null, null, State.Failed, State.Cancelled, State.Denoising, State.Denoising],
        [State.Decoding] = [null, null, null, State.Muxing, null, State.Failed, State.Cancelled, State.Decoding, State.Decoding],
        [State.Muxing] = [null, null, null, null, State.Succeeded, State.Failed, State.Cancelled, State.Muxing, State.Muxing],
        [State.Succeeded] = [null, null, null, null, null, null, null, null, null],
        [State.Failed] = [null, null, null, null, null, null, null, null, null],
        [State.Cancelled] = [null, null, null, null, null, null, State.Cancelled, null, null],
    };

    public static TheoryData<JobState, JobEvent> All { get; } =
        new MatrixTheoryData<JobState, JobEvent>(Enum.GetValues<JobState>(), Enum.GetValues<JobEvent>());

    [Theory, MemberData(nameof(All))]
    public void Transition_AnyStateAndEvent_FollowsTheTable(JobState from, JobEvent jobEvent)
    {
        var job = new RenderJob("job-7", from);
        if (Table[from][(int)jobEvent] is { } to)
        {
            Assert.Equal(to, Apply(job, jobEvent).State);
            return;
        }

        var refusal = Assert.Throws<RenderException>(() => Apply(job, jobEvent));
        Assert.Equal("HP6001", refusal.Code);
        Assert.Contains("job-7", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(from.ToString(), refusal.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(All))]
    public void Transition_OfAPausedJob_KeepsTheFlagUntilItEnds(JobState from, JobEvent jobEvent)
    {
        var paused = new RenderJob("job-7", from, IsPaused: true);
        if (jobEvent == JobEvent.Resume || Table[from][(int)jobEvent] is null)
            return;
        var next = Apply(paused, jobEvent);
        Assert.Equal(!next.HasEnded, next.IsPaused);
        Assert.False(next.MayLease);
    }

    [Fact]
    public void Advance_ThroughAllStages_Succeeds()
    {
        var job = RenderJob.Submit("j");
        for (var stage = JobEvent.Prepare; stage <= JobEvent.Succeed; stage++)
            job = job.Advance(stage);
        Assert.Equal(new RenderJob("j", State.Succeeded), job);
    }

    [Fact]
    public void Fail_ARunningJob_KeepsTheFailureAsData() =>
        Assert.Equal(new RenderJob("j", State.Failed, Failure: Failure), new RenderJob("j", State.Denoising, IsPaused: true).Fail(Failure));

    [Fact]
    public void Cancel_ACancelledJob_KeepsTheFirstReason()
    {
        var cancelled = RenderJob.Submit("j").Cancel("too dark");
        Assert.Same(cancelled.CancelReason, cancelled.Cancel("again").CancelReason);
    }

    [Fact]
    public void PauseAndResume_Repeated_ChangeNothing()
    {
        var job = RenderJob.Submit("j").Advance(JobEvent.Prepare);
        Assert.Equal(job.Pause(), job.Pause().Pause());
        Assert.Equal(job, job.Pause().Resume().Resume());
    }

    private static RenderJob Apply(RenderJob job, JobEvent jobEvent) => jobEvent switch
    {
        JobEvent.Fail => job.Fail(Failure),
        JobEvent.Cancel => job.Cancel("asked for"),
        JobEvent.Pause => job.Pause(),
        JobEvent.Resume => job.Resume(),
        _ => job.Advance(jobEvent),
    };
}
