using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Tests.Recorded;

namespace HunyuanPortrait.Core.Tests.Guidance;

public sealed class GuidanceTests
{
    [Fact]
    public void Create_RampsOfARecordedRun_RunOverTheExecutedSteps()
    {
        var schedule = GuidanceSchedule.Create(SamplingCase.Load("35-pad2").Guidance, 4);
        Assert.Equal([1f, 1.5f, 2f, 2.5f], Enumerable.Range(0, 4).Select(step => schedule[step].Appearance));
        Assert.Equal([1.5f, 2f, 2.5f, 3f], Enumerable.Range(0, 4).Select(step => schedule[step].Motion));
        Assert.True(schedule.NeedsDropBranch);
    }

    [Fact]
    public void Create_OneStep_TakesTheStartOfTheRamp()
    {
        var schedule = GuidanceSchedule.Create(new GuidanceSettings(1, 3, 1, 3), 1);
        Assert.Equal(new GuidanceScales(1, 1), schedule[0]);
        Assert.False(schedule.NeedsDropBranch);
    }

    [Fact]
    public void NeedsDropBranch_OneUnequalStep_HoldsForTheWholeSchedule() =>
        Assert.True(GuidanceSchedule.Create(new GuidanceSettings(2, 2, 2, 2.5f), 3).NeedsDropBranch);

    [Fact]
    public void Combine_TwoBranches_MovesFromUnconditionalToConditional()
    {
        var velocity = new float[3];
        GuidanceCombiner.Combine(new GuidanceScales(2, 2), [1, 2, 3, 2, 2, 1], velocity);
        Assert.Equal([3f, 2f, -1f], velocity);
    }

    [Fact]
    public void Combine_ThreeBranches_WeighsAppearanceAndMotion()
    {
        var velocity = new float[1];
        GuidanceCombiner.Combine(new GuidanceScales(2, 10), [1, 2, 5], velocity);
        Assert.Equal(1 + 2 * (2 - 1) + 10 * (5 - 2), velocity[0]);
    }

    [Fact]
    public void Combine_EqualScales_NeedNoMiddleBranch()
    {
        var random = new Random(7);
        var branches = Enumerable.Range(0, 3 * 100).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
        var (three, two) = (new float[100], new float[100]);
        GuidanceCombiner.Combine(new GuidanceScales(2, 2), branches, three);
        GuidanceCombiner.Combine(new GuidanceScales(2, 2), [.. branches[..100], .. branches[200..]], two);
        Close.Absolute(three, two, 1e-6);
    }

    [Fact]
    public void Combine_UnequalScalesWithTwoBranches_IsRefused() =>
        Assert.Throws<ArgumentException>(() => GuidanceCombiner.Combine(new GuidanceScales(1, 2), new float[4], new float[2]));
}
