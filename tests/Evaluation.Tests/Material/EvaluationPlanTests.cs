using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Motions;
using HunyuanPortrait.Evaluation.Material;

namespace HunyuanPortrait.Evaluation.Tests.Material;

public sealed class EvaluationPlanTests
{
    [Fact]
    public void Plan_OfASeed_IsRepeatableAndItsOwn()
    {
        ClipPlan[] Clips(ulong seed) => [.. Enumerable.Range(0, 3).Select(new EvaluationPlan(seed, 3, 4).At)];
        var (first, again, other) = (Clips(5), Clips(5), Clips(6));
        Assert.Equal(first.SelectMany(clip => clip.Motions), again.SelectMany(clip => clip.Motions));
        Assert.Equal(first.SelectMany(Persons), again.SelectMany(Persons));
        Assert.Empty(first.SelectMany(Persons).Intersect(other.SelectMany(Persons)));
    }

    [Fact]
    public void Persons_OfAPlan_AreHeldOutAndDifferent()
    {
        var persons = Enumerable.Range(0, 6).Select(new EvaluationPlan(1, 6, 2).At).SelectMany(Persons).ToArray();
        Assert.Equal(6 * (EvaluationPlan.Identities + 1), persons.Distinct().Count());
        Assert.All(persons, person => Assert.Equal(IdentitySplit.HeldOut, IdentityNumbers.SplitOf(person)));
    }

    [Fact]
    public void Clips_Always_BeginCalmly() =>
        Assert.All(Enumerable.Range(0, 40).Select(new EvaluationPlan(3, 40, 2).At), clip => Assert.InRange(CalmMoment.Unrest(clip.Motions[0]), 0, 0.5));

    [Fact]
    public void Unrest_OfARestingFace_IsZeroAndGrows()
    {
        Assert.Equal(0, CalmMoment.Unrest(Motion.Neutral));
        Assert.True(CalmMoment.Unrest(Motion.Neutral with { Yaw = 0.4f }) > CalmMoment.Unrest(Motion.Neutral with { Yaw = 0.3f }));
        Assert.True(CalmMoment.Unrest(Motion.Neutral with { LeftEye = 0.1f }) > 0);
    }

    private static IEnumerable<uint> Persons(ClipPlan clip) => [clip.Portrait, clip.Driver, .. clip.Others];
}
