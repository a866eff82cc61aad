using CsCheck;
using HunyuanPortrait.Core.Blending;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Tests.Recorded;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Tests.Blending;

public sealed class WindowBlenderTests
{
    private const int Values = 3;

    private static readonly Gen<BlendPlan> Plans =
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 12], Gen.Double[0, 0.99], Gen.Int[0, 9]).Select((frames, length, overlap, step) =>
            new BlendPlan(WindowPlanner.Plan(frames, new WindowSettings(length, (int)(overlap * length), 3), step), frames));

    [Fact]
    public void ContributionsTo_AnyPlan_ListsEveryPlaceOnceInWindowOrder() =>
        Plans.Sample(plan =>
        {
            var all = Enumerable.Range(0, plan.FrameCount).SelectMany(frame => plan.ContributionsTo(frame).ToArray()).ToList();
            Assert.Equal(plan.Windows.Sum(window => window.Length), all.Distinct().Count());
            for (var frame = 0; frame < plan.FrameCount; frame++)
            {
                var contributions = plan.ContributionsTo(frame).ToArray();
                Assert.Equal(contributions.OrderBy(place => place.Window).ThenBy(place => place.Index), contributions);
                Assert.All(contributions, place => Assert.Equal(frame, plan.Windows[place.Window].FrameAt(place.Index, plan.FrameCount)));
                Assert.NotEmpty(contributions);
            }
        });

    [Fact]
    public void Add_WindowsInAnyOrder_GivesTheSameBits() =>
        Gen.Select(Plans, Gen.Int[0, 1000]).Sample((plan, seed) =>
        {
            var random = new Random(seed);
            var windows = plan.Windows.Select(window => RandomLatents(random, window.Length)).ToArray();
            var inOrder = Blend(plan, windows, [.. Enumerable.Range(0, windows.Length)]);
            var order = Enumerable.Range(0, windows.Length).ToArray();
            random.Shuffle(order);
            Assert.True(inOrder.AsSpan().SequenceEqual(Blend(plan, windows, order)));
        });

    [Fact]
    public void Add_WindowsInOrder_SumsThemAndDividesOnce() =>
        Gen.Select(Plans, Gen.Int[0, 1000]).Sample((plan, seed) =>
        {
            var random = new Random(seed);
            var windows = plan.Windows.Select(window => RandomLatents(random, window.Length)).ToArray();
            var expected = new float[plan.FrameCount * Values];
            var counts = new int[plan.FrameCount];
            for (var window = 0; window < windows.Length; window++)
            {
                for (var index = 0; index < plan.Windows[window].Length; index++)
                {
                    var frame = plan.Windows[window].FrameAt(index, plan.FrameCount);
                    counts[frame]++;
                    for (var value = 0; value < Values; value++)
                        expected[frame * Values + value] += windows[window][index * Values + value];
                }
            }

            for (var i = 0; i < expected.Length; i++)
                expected[i] /= counts[i / Values];
            Assert.Equal(expected, Blend(plan, windows, [.. Enumerable.Range(0, windows.Length)]));
        });

    [Fact]
    public void Add_EqualWindows_GivesTheSameAgain() =>
        Plans.Sample(plan =>
        {
            var windows = plan.Windows.Select(window => Enumerable.Repeat(0.625f, window.Length * Values).ToArray()).ToArray();
            Assert.All(Blend(plan, windows, [.. Enumerable.Range(0, windows.Length)]), value => Assert.Equal(0.625f, value));
        });

    [Fact]
    public void Add_RecordedWindowOfAShortClip_AveragesItsRepeatedFrames()
    {
        var recorded = SamplingCase.Load("5-short");
        var plan = new BlendPlan(WindowPlanner.Plan(recorded.Frames, recorded.Windows, 0), recorded.Frames);
        AssertBlend(recorded, plan, [recorded.Tensors.Floats("step0_first_window/latents")]);
    }

    [Fact]
    public void Add_RecordedWindowsOfALongerClip_GivesTheRecordedStep()
    {
        var recorded = SamplingCase.Load("12-strength");
        var plan = new BlendPlan(WindowPlanner.Plan(recorded.Frames, recorded.Windows, 0), recorded.Frames);
        AssertBlend(recorded, plan, [recorded.Tensors.Floats("step0_first_window/latents"), recorded.Tensors.Floats("step0_last_window/latents")]);
    }

    [Fact]
    public void Add_SameWindowTwice_CountsOnce()
    {
        var plan = new BlendPlan(WindowPlanner.Plan(6, new WindowSettings(4, 2, 0), 0), 6);
        using var blender = new WindowBlender(plan, new MemoryFrameStore(6, Values));
        Assert.True(blender.Add(0, new float[4 * Values]));
        Assert.False(blender.Add(0, new float[4 * Values]));
    }

    [Fact]
    public void OpenFrames_LongClipInOrder_StayFew()
    {
        const int frames = 5000;
        var settings = new WindowSettings(25, 3, 3);
        var plan = new BlendPlan(WindowPlanner.Plan(frames, settings, 7), frames);
        using var blender = new WindowBlender(plan, new MemoryFrameStore(frames, 1));
        var most = 0;
        for (var window = 0; window < plan.Windows.Length; window++)
        {
            blender.Add(window, new float[settings.Length]);
            most = Math.Max(most, blender.OpenFrames);
        }

        Assert.True(blender.IsComplete);
        Assert.InRange(most, 1, 2 * settings.Length);
    }

    [Fact]
    public void CopyMeanTo_MissingContribution_IsRefused()
    {
        using var accumulator = new FrameAccumulator(2, 1);
        Assert.True(accumulator.Add(1, [3]));
        Assert.False(accumulator.IsComplete);
        Assert.Throws<InvalidOperationException>(() => accumulator.CopyMeanTo(new float[1]));
    }

    private static void AssertBlend(SamplingCase recorded, BlendPlan plan, float[][] windows)
    {
        using var store = new MemoryFrameStore(plan.FrameCount, windows[0].Length / recorded.Windows.Length);
        using var blender = new WindowBlender(plan, store);
        for (var window = 0; window < windows.Length; window++)
            blender.Add(window, windows[window]);
        Assert.True(blender.IsComplete);
        Assert.Equal(recorded.Tensors.Floats("latents_after_step_0"), store.Values.ToArray());
    }

    private static float[] Blend(BlendPlan plan, float[][] windows, int[] order)
    {
        using var store = new MemoryFrameStore(plan.FrameCount, Values);
        using var blender = new WindowBlender(plan, store);
        foreach (var window in order)
            blender.Add(window, windows[window]);
        Assert.True(blender.IsComplete);
        Assert.Equal(0, blender.OpenFrames);
        return store.Values.ToArray();
    }

    private static float[] RandomLatents(Random random, int frames) =>
        [.. Enumerable.Range(0, frames * Values).Select(_ => (float)(random.NextDouble() * 2000 - 1000))];
}
