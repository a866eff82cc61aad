using CsCheck;
using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Tests.Identities;

public sealed class IdentityTests
{
    [Fact]
    public void FromNumber_SameNumber_IsTheSamePerson() =>
        Gen.UInt.Sample(number => Identity.FromNumber(number) == Identity.FromNumber(number));

    [Fact]
    public void FromNumber_OtherNumber_IsAnotherPerson()
    {
        var people = Enumerable.Range(0, 2000).Select(number => Identity.FromNumber((uint)number) with { Number = 0 });
        Assert.Equal(2000, people.Distinct().Count());
    }

    [Fact]
    public void FromNumber_ManyNumbers_MeetEveryChoice()
    {
        var people = Enumerable.Range(0, 2000).Select(number => Identity.FromNumber((uint)number)).ToArray();
        Assert.Equal(Enum.GetValues<RenderingStyle>().Length, people.Select(person => person.Style).Distinct().Count());
        Assert.Equal(Enum.GetValues<HairCut>().Length, people.Select(person => person.Hair.Cut).Distinct().Count());
        Assert.Equal(Enum.GetValues<Beard>().Length, people.Select(person => person.FacialHair.Beard).Distinct().Count());
        Assert.Equal(Enum.GetValues<Glasses>().Length, people.Select(person => person.Accessories.Glasses).Distinct().Count());
        Assert.Equal(Enum.GetValues<Garment>().Length, people.Select(person => person.Clothes.Garment).Distinct().Count());
    }

    [Theory, InlineData(IdentitySplit.Train), InlineData(IdentitySplit.HeldOut)]
    public void Draw_AnySeed_StaysInItsSplit(IdentitySplit split) =>
        Gen.Select(Gen.ULong, Gen.ULong).Sample((seed, index) => IdentityNumbers.SplitOf(IdentityNumbers.Draw(seed, index, split)) == split);

    [Fact]
    public void SplitOf_ManyNumbers_HoldsOutAboutOneOfEight()
    {
        var heldOut = Enumerable.Range(0, 8000).Count(number => IdentityNumbers.SplitOf((uint)number) == IdentitySplit.HeldOut);
        Assert.InRange(heldOut, 850, 1150);
    }
}
