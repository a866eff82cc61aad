using CsCheck;
using HunyuanPortrait.Core.Segments;

namespace HunyuanPortrait.Core.Tests.Segments;

public sealed class WavefrontTests
{
    [Fact]
    public void Complete_AnyOrderOfArrival_RunsEveryWindowOnceAndNoneTooEarly() => Gen.Select(Plans.Small, Gen.Int).Sample((plan, seed) =>
    {
        var run = new WavefrontRun(plan, seed);
        run.ToTheEnd();
        Assert.Equal(plan.StepCount * plan.WindowCount, run.Accepted.Count);
        Assert.True(run.Front.IsComplete);
        Assert.Equal(run.Accepted.Count, run.Front.CompletedWindows);
    });

    [Fact]
    public void Complete_AnyOrderOfArrival_NamesEachObsoleteArtifactOnceAndNoneThatIsStillRead() => Gen.Select(Plans.Small, Gen.Int).Sample((plan, seed) =>
    {
        var run = new WavefrontRun(plan, seed);
        run.ToTheEnd();
        Assert.Equal(run.Accepted, run.DeletedResults);
        var last = Enumerable.Range(0, plan.SegmentCount).Select(segment => new SegmentLatents(segment, plan.StepCount - 1));
        Assert.Equal(plan.SegmentCount * (plan.StepCount - 1), run.DeletedLatents.Count);
        Assert.Empty(run.DeletedLatents.Intersect(last));
    });

    [Fact]
    public void Outstanding_AfterARestartAtAnyMoment_IsWhatIsReadyAndNotAccepted() => Gen.Select(Plans.Small, Gen.Int, Gen.Int[0, 300]).Sample((plan, seed, events) =>
    {
        var run = new WavefrontRun(plan, seed);
        for (var i = 0; i < events && run.Advance(); i++)
        {
        }

        var steps = Enumerable.Range(0, plan.SegmentCount).Select(run.Front.CompletedStepsOf).ToArray();
        var rebuilt = new Wavefront(plan, steps);
        Assert.Equal(run.Ready.Order(ByStep), rebuilt.Outstanding(run.Accepted).Order(ByStep));
        Assert.Equal(run.Front.CompletedWindows, rebuilt.CompletedWindows);
        Assert.Equal(run.Front.SegmentsDone, rebuilt.SegmentsDone);
        run.Restart(rebuilt);
        run.ToTheEnd();
        Assert.Equal(plan.StepCount * plan.WindowCount, run.Accepted.Count);
    });

    // The job grain may miss messages and hear of a later step first; what it enqueues must still be enough.
    [Fact]
    public void Complete_LostAndReorderedMessages_StillReachTheEnd() => Gen.Select(Plans.Small, Gen.Int).Sample((plan, seed) =>
    {
        var run = new WavefrontRun(plan, seed) { LosesMessages = true };
        run.ToTheEnd();
        Assert.Equal(plan.StepCount * plan.WindowCount, run.Accepted.Count);
    });

    [Fact]
    public void Complete_NeighbourThatIsKnownToBeFurther_MakesNoAcceptedWindowReady()
    {
        var plan = new SegmentPlan(40, new(6, 2, 3), 3);
        var front = new Wavefront(plan);
        front.Complete(4, 1);
        var ready = Enumerable.Range(0, plan.SegmentCount).SelectMany(segment => front.Complete(segment, 0).Ready).Order(ByStep).ToList();
        var accepted = plan.WindowsOf(1, 4);
        Assert.Equal(Enumerable.Range(0, plan.WindowCount).Except(accepted).Select(window => new StepWindow(1, window)), ready);
        Assert.Equal(ready, front.Outstanding().Order(ByStep));
    }

    [Fact]
    public void Complete_KnownStep_ChangesNothing()
    {
        var front = new Wavefront(new SegmentPlan(20, new(6, 2, 3), 3));
        Assert.Empty(front.Complete(0, 0).ObsoleteLatents);
        Assert.Same(WavefrontChange.None, front.Complete(0, 0));
        Assert.Equal((0, 1), front.Spread());
    }

    [Fact]
    public void Outstanding_NewJob_IsTheWholeFirstStep()
    {
        var plan = new SegmentPlan(15_014, new(25, 3, 3), 25);
        Assert.Equal(plan.WindowCount, new Wavefront(plan).Outstanding().Distinct().Count());
    }

    private static readonly Comparer<StepWindow> ByStep = Comparer<StepWindow>.Create((left, right) => (left.Step, left.Window).CompareTo((right.Step, right.Window)));
}
