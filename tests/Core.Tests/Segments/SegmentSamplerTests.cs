using System.Runtime.InteropServices;
using CsCheck;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Noise;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Tests.Segments;

/// <summary>The exactness argument: the cluster's way through the sampler gives the bits of <see cref="DenoisingLoop"/>.</summary>
public sealed class SegmentSamplerTests
{
    private static readonly Gen<DenoisingJob> Jobs = Plans.Small.Select(Gen.Int[0, 3], (plan, padding) => (plan, padding))
        .Where(each => each.plan.FrameCount > 2 * each.padding)
        .Select(each => Job(each.plan.FrameCount - 2 * each.padding, each.padding, each.plan.Windows, each.plan.StepCount));

    [Fact]
    public void Run_AnyOrderOfArrival_GivesTheBitsOfTheLoop() => Gen.Select(Jobs, Gen.Int).Sample((job, seed) => AssertSameBits(job, seed), iter: 200);

    // One window that repeats frames; a clip shorter than a stride; a grid that wraps on both sides; two windows of every frame.
    [Theory, InlineData(1, 8, 3, 3), InlineData(3, 8, 2, 5), InlineData(5, 8, 3, 3), InlineData(9, 8, 0, 7), InlineData(23, 8, 7, 3), InlineData(24, 8, 4, 4)]
    public void Run_ClipsAtTheEdges_GiveTheBitsOfTheLoop(int frames, int length, int overlap, int shift)
    {
        for (var seed = 1; seed <= 10; seed++)
            AssertSameBits(Job(frames, 0, new WindowSettings(length, overlap, shift), 6), seed * 7919);
    }

    [Fact]
    public void Blend_WindowOutOfTurnOrMissing_Throws()
    {
        var blend = new SegmentBlend(new SegmentPlan(20, new WindowSettings(6, 2, 3), 2), 0, 1, 1);
        Assert.Equal([0, 1], blend.Windows);
        Assert.Throws<ArgumentException>(() => blend.Add(1, new float[6]));
        Assert.Throws<ArgumentException>(() => blend.Add(0, new float[5]));
        blend.Add(0, new float[6]);
        Assert.Throws<InvalidOperationException>(() => blend.CopyTo(new float[4]));
    }

    [Fact]
    public void Contributions_EarlyLateAndForeign_AreToldApart()
    {
        var plan = new SegmentPlan(20, new WindowSettings(6, 2, 3), 3);
        var segment = new SegmentContributions(plan, 1, completedSteps: 1);
        Assert.Equal(ContributionAnswer.Early, segment.Add(new StepWindow(2, plan.WindowsOf(2, 1)[0]), "key").Answer);
        Assert.Equal(ContributionAnswer.Known, segment.Add(new StepWindow(0, 1), "key").Answer);
        Assert.Throws<ArgumentException>(() => segment.Add(new StepWindow(0, 4), "key"));
        Assert.Throws<InvalidOperationException>(() => segment.Complete());
        Assert.True(new SegmentContributions(plan, 1, completedSteps: 3).HasEnded);
    }

    private static void AssertSameBits(DenoisingJob job, int seed)
    {
        var denoiser = new MixingDenoiser(job.Windows.Length);
        using var expected = (MemoryFrameStore)new DenoisingLoop(denoiser, MemoryFrameStore.Factory).Run(job, TestContext.Current.CancellationToken);
        using var sampler = new SegmentSampler(job, denoiser, seed);
        var actual = sampler.Run();
        Assert.Equal(MemoryMarshal.AsBytes(expected.Values), MemoryMarshal.AsBytes<float>(actual));
        Assert.Equal((job.Padding.PaddedCount + job.Windows.Stride - 1) / job.Windows.Stride, sampler.ArtifactCount);
    }

    private static DenoisingJob Job(int frames, int padding, WindowSettings windows, int steps)
    {
        var tokens = new MemoryFrameStore(frames, 2);
        for (var i = 0; i < tokens.Values.Length; i++)
            tokens.Values[i] = 1f / (i + 3);
        return new DenoisingJob(
            new PortraitConditioning(FloatTensor.Zeros(0), FloatTensor.Of(0.3f, -1.7f, 2.9f), FloatTensor.Zeros(0)), 0.18215f, tokens, padding,
            new SeededNoise(5), NoiseSchedule.Create(new SchedulerSettings(0.002, 700), steps),
            GuidanceSchedule.Create(new GuidanceSettings(1, 2, 1, 2), steps), windows);
    }

    // Every output depends on every frame of the window, so a wrong neighbour, order or step shows in the bits.
    private sealed class MixingDenoiser(int windowLength) : IWindowDenoiser
    {
        public int WindowLength => windowLength;

        public void Predict(PortraitConditioning conditioning, WindowInput input, Span<float> velocity, CancellationToken cancellationToken)
        {
            var mixed = input.Timestep * 0.01f + input.Guidance.Appearance * 0.1f;
            foreach (var token in input.MotionTokens.Span)
                mixed = mixed * 0.7f + token;
            for (var i = 0; i < velocity.Length; i++)
            {
                mixed = mixed * 0.9f + input.ScaledLatents.Span[i];
                velocity[i] = 0.6f * input.ScaledLatents.Span[i] + 0.3f * mixed / (1 + Math.Abs(mixed));
            }
        }
    }
}
