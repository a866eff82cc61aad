using HunyuanPortrait.Cli.Commands;

namespace HunyuanPortrait.Cli.Tests.Options;

public sealed class EditDistanceTests
{
    [Theory]
    [InlineData("--steps", "--steps", 0)]
    [InlineData("--stesp", "--steps", 2)]
    [InlineData("--step", "--steps", 1)]
    [InlineData("", "--seed", 6)]
    public void EditDistance_OfTwoWords_CountsChanges(string left, string right, int changes) =>
        Assert.Equal(changes, UsageProblem.EditDistance(left, right));
}
