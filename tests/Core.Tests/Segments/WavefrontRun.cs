using HunyuanPortrait.Core.Segments;

namespace HunyuanPortrait.Core.Tests.Segments;

/// <summary>
/// A job's denoising without latents: windows are accepted and segments complete in a random order. Judges the wavefront against the definitions,
/// written out plainly.
/// </summary>
internal sealed class WavefrontRun
{
    private readonly SegmentPlan plan;
    private readonly int[] truth;
    private readonly Queue<(int Segment, int Step)> undelivered = [];
    private uint random;

    public WavefrontRun(SegmentPlan plan, int seed)
    {
        this.plan = plan;
        random = (uint)seed | 1;
        truth = new int[plan.SegmentCount];
        Front = new Wavefront(plan);
        Enqueue(Front.Outstanding());
    }

    public Wavefront Front { get; private set; }

    public bool LosesMessages { get; init; }

    public List<StepWindow> Ready { get; } = [];

    public HashSet<StepWindow> Accepted { get; } = [];

    public HashSet<StepWindow> DeletedResults { get; } = [];

    public HashSet<SegmentLatents> DeletedLatents { get; } = [];

    public void ToTheEnd()
    {
        while (Advance())
        {
        }
    }

    public void Restart(Wavefront rebuilt)
    {
        Front = rebuilt;
        Ready.Clear();
        Ready.AddRange(rebuilt.Outstanding(Accepted));
    }

    /// <summary>Accepts one ready window and delivers what it completes; false at the end.</summary>
    public bool Advance()
    {
        if (Ready.Count == 0 && undelivered.Count == 0)
            return false;
        if (Ready.Count == 0 || undelivered.Count > 0 && !LosesMessages)
        {
            Deliver();
            return true;
        }

        var at = Next(Ready.Count);
        var window = Ready[at];
        Ready.RemoveAt(at);
        Accept(window);
        if (LosesMessages && undelivered.Count > 0 && Next(2) == 0)
            Deliver();
        if (LosesMessages && Next(4) == 0)
            Restart(new Wavefront(plan, AskWhileWorkGoesOn()));
        return true;
    }

    // Segments answer at different moments, so some numbers are newer than others, and messages of the past are still under way.
    private int[] AskWhileWorkGoesOn() =>
        [.. Enumerable.Range(0, plan.SegmentCount).Select(segment => Next(2) == 0 ? truth[segment] : Front.CompletedStepsOf(segment))];

    private void Accept(StepWindow window)
    {
        Assert.All(plan.SegmentsOf(window.Step, window.Window), segment => Assert.True(truth[segment] >= window.Step, $"{window} before segment {segment}"));
        Assert.True(Accepted.Add(window), $"{window} twice");
        foreach (var segment in plan.SegmentsOf(window.Step, window.Window))
        {
            if (truth[segment] == window.Step && plan.WindowsOf(window.Step, segment).All(each => Accepted.Contains(new StepWindow(window.Step, each))))
            {
                truth[segment]++;
                undelivered.Enqueue((segment, window.Step));
            }
        }
    }

    // Of a segment's messages only the newest is certain to arrive; messages overtake each other.
    private void Deliver()
    {
        for (var turns = LosesMessages ? Next(undelivered.Count) : 0; turns > 0; turns--)
            undelivered.Enqueue(undelivered.Dequeue());
        var (segment, step) = undelivered.Dequeue();
        if (LosesMessages && truth[segment] > step + 1 && Next(2) == 0)
            return;
        var change = Front.Complete(segment, step);
        Enqueue(change.Ready);
        foreach (var result in change.ObsoleteResults)
        {
            Assert.True(DeletedResults.Add(result), $"{result} deleted twice");
            Assert.All(plan.SegmentsOf(result.Step, result.Window), each => Assert.True(truth[each] > result.Step));
        }

        foreach (var latents in change.ObsoleteLatents)
        {
            Assert.True(DeletedLatents.Add(latents), $"{latents} deleted twice");
            Assert.All(plan.WindowsOf(latents.Step + 1, latents.Segment), each => Assert.Contains(new StepWindow(latents.Step + 1, each), Accepted));
        }
    }

    private void Enqueue(IEnumerable<StepWindow> windows)
    {
        foreach (var window in windows)
        {
            Assert.DoesNotContain(window, Ready);
            Assert.DoesNotContain(window, Accepted);
            Ready.Add(window);
        }
    }

    private int Next(int count)
    {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        return (int)(random % (uint)count);
    }
}
