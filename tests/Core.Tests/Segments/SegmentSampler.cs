using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Segments;

namespace HunyuanPortrait.Core.Tests.Segments;

/// <summary>
/// The whole sampler as the cluster runs it, in one thread: windows in any order that the wavefront allows, results and contributions told more than
/// once, segments blended when their windows are there, artifacts deleted as soon as they may be.
/// </summary>
internal sealed class SegmentSampler : IDisposable
{
    private readonly DenoisingJob job;
    private readonly SegmentPlan plan;
    private readonly MemoryFrameStore initial;
    private readonly WindowStep windowStep;
    private readonly WindowBuffers buffers;
    private readonly Wavefront front;
    private readonly SegmentContributions[] contributions;
    private readonly Dictionary<string, float[]> artifacts = [];
    private readonly List<StepWindow> ready = [];
    private uint random;

    public SegmentSampler(DenoisingJob job, IWindowDenoiser denoiser, int seed)
    {
        this.job = job;
        random = (uint)seed | 1;
        var values = job.Conditioning.ReferenceLatents.Values.Length;
        plan = new SegmentPlan(job.Padding.PaddedCount, job.Windows, job.Schedule.StepCount);
        initial = new MemoryFrameStore(plan.FrameCount, values);
        InitialLatents.Write(job, initial);
        windowStep = new WindowStep(denoiser, job.Conditioning);
        buffers = new WindowBuffers(job.Windows.Length, values, job.MotionTokens.ValuesPerFrame);
        front = new Wavefront(plan);
        contributions = [.. Enumerable.Range(0, plan.SegmentCount).Select(segment => new SegmentContributions(plan, segment))];
        ready.AddRange(front.Outstanding());
    }

    private int ValuesPerFrame => initial.ValuesPerFrame;

    /// <summary>Artifacts that exist; at the end the final latents alone.</summary>
    public int ArtifactCount => artifacts.Count;

    public float[] Run()
    {
        while (ready.Count > 0)
        {
            var at = Next(ready.Count);
            var window = ready[at];
            ready.RemoveAt(at);
            Denoise(window);
            Contribute(window);
        }

        Assert.True(front.IsComplete);
        return [.. Enumerable.Range(0, plan.SegmentCount).SelectMany(segment => artifacts[LatentsKey(segment, plan.StepCount - 1)])];
    }

    public void Dispose() => initial.Dispose();

    private static string ResultKey(StepWindow window) => $"windows/{window.Step}/{window.Window}";

    private static string LatentsKey(int segment, int step) => $"latents/{segment}/{step}";

    private void Denoise(StepWindow window)
    {
        var frames = plan.WindowAt(window.Step, window.Window);
        for (var index = 0; index < frames.Length; index++)
        {
            var frame = frames.FrameAt(index, plan.FrameCount);
            Read(frame, window.Step, buffers.LatentsAt(index));
            job.Padding.ReadTokens(job.MotionTokens, frame, buffers.MotionTokensAt(index));
        }

        windowStep.Run(job.StepAt(window.Step), frames, buffers, CancellationToken.None);
        artifacts.Add(ResultKey(window), buffers.Latents.ToArray());
    }

    private void Read(int frame, int step, Span<float> latents)
    {
        if (step == 0)
        {
            initial.Read(frame, latents);
            return;
        }

        var segment = plan.SegmentOf(frame);
        var place = frame - plan.FramesOf(segment).Start;
        artifacts[LatentsKey(segment, step - 1)].AsSpan(place * ValuesPerFrame, ValuesPerFrame).CopyTo(latents);
    }

    private void Contribute(StepWindow window)
    {
        Assert.Contains(plan.HomeOf(window.Step, window.Window), plan.SegmentsOf(window.Step, window.Window));
        foreach (var segment in plan.SegmentsOf(window.Step, window.Window).OrderBy(_ => Next(100)))
        {
            (var answer, contributions[segment]) = contributions[segment].Add(window, ResultKey(window));
            Assert.Equal(ContributionAnswer.Added, answer);
            (answer, contributions[segment]) = contributions[segment].Add(window, "told again");
            Assert.Equal(ContributionAnswer.Known, answer);
            if (contributions[segment].IsReadyToBlend)
                Blend(segment);
        }
    }

    private void Blend(int segment)
    {
        var step = contributions[segment].CompletedSteps;
        var blend = new SegmentBlend(plan, step, segment, ValuesPerFrame);
        foreach (var (window, key) in contributions[segment].Results)
            blend.Add(window, artifacts[key]);
        var blended = new float[plan.FramesOf(segment).Length * ValuesPerFrame];
        blend.CopyTo(blended);
        artifacts.Add(LatentsKey(segment, step), blended);
        contributions[segment] = contributions[segment].Complete();
        var change = front.Complete(segment, step);
        ready.AddRange(change.Ready);
        foreach (var result in change.ObsoleteResults)
            Assert.True(artifacts.Remove(ResultKey(result)));
        foreach (var latents in change.ObsoleteLatents)
            Assert.True(artifacts.Remove(LatentsKey(latents.Segment, latents.Step)));
    }

    private int Next(int count)
    {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        return (int)(random % (uint)count);
    }
}
