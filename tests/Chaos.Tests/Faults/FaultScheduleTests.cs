using HunyuanPortrait.Chaos.Faults;

namespace HunyuanPortrait.Chaos.Tests.Faults;

public sealed class FaultScheduleTests
{
    private static readonly FaultSettings Settings = new(TimeSpan.FromSeconds(60), 2, 3, TimeSpan.FromSeconds(4)) { StoreOutage = TimeSpan.FromSeconds(30) };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    [Fact]
    public void Plan_SameSeed_IsTheSame() => Assert.Equal(FaultSchedule.Plan(7, Settings), FaultSchedule.Plan(7, Settings));

    [Fact]
    public void Plan_FiftySeeds_AreDifferentAndHaveEveryKind()
    {
        var plans = Enumerable.Range(1, 50).Select(seed => FaultSchedule.Plan(seed, Settings)).ToArray();
        Assert.Equal(plans.Length, plans.Select(plan => string.Join(';', plan)).Distinct().Count());
        Assert.Equal(Enum.GetValues<FaultKind>(), plans.SelectMany(plan => plan).Select(fault => fault.Kind).Distinct().Order());
    }

    [Fact]
    public void Plan_FiftySeeds_HitEverySilo()
    {
        var faults = Enumerable.Range(1, 50).SelectMany(seed => FaultSchedule.Plan(seed, Settings)).ToArray();
        Assert.Equal([0, 1, 2], faults.Where(fault => fault.Kind is FaultKind.KillGpuSilo).Select(fault => fault.Silo).Distinct().Order());
        Assert.Equal([0, 1], faults.Where(fault => fault.Kind is FaultKind.KillControlSilo).Select(fault => fault.Silo).Distinct().Order());
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Plan_AnySeed_HasAKillInOrderWithinTheSpan(int seed)
    {
        var plan = FaultSchedule.Plan(seed, Settings);
        Assert.InRange(plan.Length, 2, 5);
        Assert.Contains(plan, fault => fault.Kind is FaultKind.KillGpuSilo or FaultKind.KillControlSilo or FaultKind.KillCoordinator);
        Assert.Equal(plan.OrderBy(fault => fault.At), plan);
        Assert.All(plan, fault => Assert.InRange(fault.At, TimeSpan.Zero, Settings.Span));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Plan_AnySeed_PausesLongerThanALease(int seed) => Assert.All(
        FaultSchedule.Plan(seed, Settings).Where(fault => fault.Kind is FaultKind.PauseGpuSilo or FaultKind.PauseControlSilo),
        fault => Assert.True(fault.Duration > Settings.LeaseDuration, $"{fault}"));

    [Theory, MemberData(nameof(Seeds))]
    public void Plan_AnySeed_LeavesOneControlSiloRunning(int seed)
    {
        var faults = FaultSchedule.Plan(seed, Settings)
            .Where(fault => fault.Kind is FaultKind.KillControlSilo or FaultKind.StopControlSilo or FaultKind.KillCoordinator or FaultKind.PauseControlSilo).ToArray();
        Assert.All(faults.Zip(faults.Skip(1)), pair => Assert.True(pair.First.At + pair.First.Duration + Settings.Rest < pair.Second.At, $"{pair}"));
    }

    [Fact]
    public void Plan_NoBlobServer_RefusesNoStore()
    {
        var faults = Enumerable.Range(1, 50).SelectMany(seed => FaultSchedule.Plan(seed, Settings with { StoreOutage = TimeSpan.Zero }));
        Assert.DoesNotContain(faults, fault => fault.Kind == FaultKind.RefuseStore);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(2, 0)]
    public void Plan_NoSiloOfARole_IsRefused(int control, int gpu) => Assert.Throws<ArgumentOutOfRangeException>(
        () => FaultSchedule.Plan(1, Settings with { ControlSilos = control, GpuSilos = gpu }));
}
