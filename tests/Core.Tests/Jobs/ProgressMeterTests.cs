using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Tests.Jobs;

public sealed class ProgressMeterTests
{
    // 200 windows in 10 steps; a decode chunk costs as much as a window, all else nothing.
    private static readonly TaskPlan Plan = new(new JobShape(80, 0, new WindowSettings(6, 2, 3), 10, new ChunkLengths(80, 4, 80)));
    private static readonly TaskCosts Costs = new(0, 0, 0, 1, 1, 0, 0);

    [Fact]
    public void At_TheBeginning_IsHonestlyUnknown()
    {
        var meter = Meter();
        meter.Set(TaskKind.DenoiseWindow, 7, At(100));
        Assert.Null(meter.At(At(100)).TimeLeft);
        meter.Set(TaskKind.DenoiseWindow, 8, At(100));
        Assert.NotNull(meter.At(At(100)).TimeLeft);
        Assert.Null(Meter().At(At(1000)).TimeLeft);
    }

    [Fact]
    public void At_SteadyRate_IsRemainingWorkOverIt()
    {
        var meter = Meter();
        Work(meter, 0, 100, perSecond: 1);
        var progress = meter.At(At(100));
        Assert.Equal((100, 200), (progress.CompletedWindows, progress.TotalWindows));
        Assert.Equal(100.0 / 220, progress.CompletedFraction, 1e-9);
        Assert.Equal(1, progress.Rate!.Value, 0.02);
        Assert.Equal(120, progress.TimeLeft!.Value.TotalSeconds, 3.0);
    }

    [Fact]
    public void At_WorkersWereAdded_FollowsWithinTheHorizon()
    {
        var meter = Meter();
        Work(meter, 0, 50, perSecond: 0.5);
        Work(meter, 50, 111, perSecond: 2);
        Assert.Equal(2, meter.At(At(111)).Rate!.Value, 0.1);
    }

    [Fact]
    public void At_NothingCompletes_GrowsInsteadOfLying()
    {
        var meter = Meter();
        Work(meter, 0, 100, perSecond: 1);
        var estimates = new[] { 100, 130, 200, 1000 }.Select(at => meter.At(At(at)).TimeLeft!.Value).ToList();
        Assert.Equal(estimates.Order(), estimates);
        Assert.True(estimates[3] > TimeSpan.FromHours(1));
    }

    [Fact]
    public void At_TasksSlowerThanTheHorizon_IsStillKnown()
    {
        var meter = Meter();
        for (var done = 1; done <= 20; done++)
            meter.Set(TaskKind.DenoiseWindow, done, At(done * 30));
        Assert.Equal(1.0 / 30, meter.At(At(600)).Rate!.Value, 0.002);
    }

    [Fact]
    public void SetPaused_ForAnHour_SaysNothingAndForgetsTheHour()
    {
        var meter = Meter();
        Work(meter, 0, 50, perSecond: 1);
        meter.SetPaused(true, At(50));
        Assert.Null(meter.At(At(100)).TimeLeft);
        meter.SetPaused(false, At(3650));
        Assert.Null(meter.At(At(3651)).TimeLeft);
        for (var second = 1; second <= 20; second++)
            meter.Set(TaskKind.DenoiseWindow, 50 + second, At(3650 + second));
        Assert.Equal(1, meter.At(At(3670)).Rate!.Value, 0.05);
    }

    [Fact]
    public void Recall_AfterARestart_DoesNotCountForTheRate()
    {
        var meter = Meter();
        meter.Recall([new(TaskKind.DenoiseWindow, 150)], At(10));
        var progress = meter.At(At(20));
        Assert.Equal((150, null), (progress.CompletedWindows, progress.TimeLeft));
    }

    [Fact]
    public void At_TheEnd_IsZero()
    {
        var meter = Meter();
        foreach (var kind in Enum.GetValues<TaskKind>())
            meter.Set(kind, Plan.CountOf(kind), At(1));
        Assert.Equal((1.0, TimeSpan.Zero), (meter.At(At(1)).CompletedFraction, meter.At(At(1)).TimeLeft));
    }

    [Fact]
    public void Set_LessThanBefore_IsIgnored()
    {
        var meter = Meter();
        meter.Set(TaskKind.DenoiseWindow, 5, At(1));
        meter.Set(TaskKind.DenoiseWindow, 3, At(2));
        Assert.Equal(5, meter.At(At(2)).CompletedWindows);
        Assert.Throws<ArgumentOutOfRangeException>(() => meter.Set(TaskKind.DenoiseWindow, 201, At(3)));
    }

    private static ProgressMeter Meter() => new(Plan, Costs, TimeSpan.Zero);

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static void Work(ProgressMeter meter, int from, int to, double perSecond)
    {
        var before = meter.At(At(from)).CompletedWindows;
        for (var second = from + 1; second <= to; second++)
            meter.Set(TaskKind.DenoiseWindow, before + (int)((second - from) * perSecond), At(second));
    }
}
