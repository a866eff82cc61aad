using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Tests.Recorded;

namespace HunyuanPortrait.Core.Tests.Schedulers;

public sealed class NoiseScheduleTests
{
    private static readonly SchedulerSettings Official = new(0.002, 700);

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(5), InlineData(10), InlineData(25), InlineData(50)]
    public void Create_RecordedStepCounts_GivesRecordedLevels(int steps)
    {
        var recorded = RecordedTensors.Load("scheduler");
        var schedule = NoiseSchedule.Create(Official, steps);
        Close.Elementwise(recorded.Floats($"n{steps}/sigmas"), schedule.Sigmas.AsSpan(), 1e-6);
        Close.Absolute(recorded.Floats($"n{steps}/timesteps"), schedule.Timesteps.AsSpan(), 2e-7);
    }

    [Fact]
    public void Create_PartialStrength_KeepsTheLastSteps()
    {
        var recorded = SamplingCase.Load("12-strength");
        Assert.Equal(recorded.StepsRun, recorded.Schedule.StepCount);
        Close.Elementwise(recorded.Tensors.Floats("sigmas").AsSpan()[^4..], recorded.Schedule.Sigmas.AsSpan(), 1e-6);
        Close.Absolute(recorded.Tensors.Floats("timesteps").AsSpan()[^3..], recorded.Schedule.Timesteps.AsSpan(), 2e-7);
    }

    [Theory, InlineData(1.0, 25), InlineData(0.5, 12), InlineData(0.04, 1), InlineData(0.999, 24), InlineData(1.5, 25)]
    public void Create_AnyStrength_TruncatesTheStepCount(double strength, int executed) =>
        Assert.Equal(executed, NoiseSchedule.Create(Official, 25, strength).StepCount);

    [Fact]
    public void Create_StrengthWithoutAStep_IsRefused()
    {
        var exception = Assert.Throws<RenderException>(() => NoiseSchedule.Create(Official, 25, 0.03));
        Assert.Equal("HP3001", exception.Code);
        Assert.Contains("0.03", exception.Message, StringComparison.Ordinal);
    }
}
