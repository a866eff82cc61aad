using CsCheck;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Tests.Segments;

public sealed class SegmentPlanTests
{
    [Fact]
    public void SegmentsOf_AnyWindow_AreThoseOfItsFrames() => Plans.Any.Sample((plan, step) =>
    {
        var windows = WindowPlanner.Plan(plan.FrameCount, plan.Windows, step);
        Assert.Equal(windows.Length, plan.WindowCount);
        for (var window = 0; window < windows.Length; window++)
        {
            Assert.Equal(windows[window], plan.WindowAt(step, window));
            var owners = windows[window].Frames(plan.FrameCount).Select(plan.SegmentOf).ToArray();
            Assert.Equal(owners.Distinct().Order(), plan.SegmentsOf(step, window));
            Assert.Equal(owners[0], plan.HomeOf(step, window));
        }
    });

    [Fact]
    public void WindowsOf_AnySegment_AreThoseThatTouchIt() => Plans.Any.Sample((plan, step) =>
    {
        for (var segment = 0; segment < plan.SegmentCount; segment++)
        {
            Assert.Equal(
                Enumerable.Range(0, plan.WindowCount).Where(window => plan.SegmentsOf(step, window).Contains(segment)),
                plan.WindowsOf(step, segment));
        }
    });

    [Fact]
    public void FramesOf_AllSegments_CutTheClip() => Plans.Any.Sample((plan, _) =>
    {
        var frames = Enumerable.Range(0, plan.SegmentCount).SelectMany(segment => Numbers(plan.FramesOf(segment)));
        Assert.Equal(Enumerable.Range(0, plan.FrameCount), frames);
    });

    [Fact]
    public void WindowsOf_LongClip_TouchFewSegments()
    {
        var plan = new SegmentPlan(15_014, new WindowSettings(25, 3, 3), 25);
        for (var segment = 1; segment < plan.SegmentCount - 1; segment++)
            Assert.InRange(plan.WindowsOf(17, segment).Length, 2, 3);
    }

    private static IEnumerable<int> Numbers(Core.Frames.FrameRange range) => Enumerable.Range(range.Start, range.Length);
}
