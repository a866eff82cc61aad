using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Options;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Tests.Options;

public sealed class SettingsRulesTests
{
    private static readonly ModelGeometry Geometry = new(512, 512, 4, 8, 0.18215f, 25, 64, 64, 1024, 320, 224, 256, 512);

    private static readonly RenderDefaults Defaults =
        new(25, 1, new WindowSettings(25, 3, 3), new GuidanceSettings(2, 2, 2, 2), 15, 25, 8, new MicroConditioning(12.5f, 0, 0), 72580);

    [Fact]
    public void Failures_Defaults_AreNone() => Assert.Empty(SettingsRules.Failures(Defaults, Geometry));

    [Fact]
    public void Failures_ManyFaults_AreAllListed()
    {
        var settings = Defaults with
        {
            InferenceSteps = 0,
            Windows = new WindowSettings(24, 24, 3),
            Guidance = new GuidanceSettings(float.NaN, 2, 2, -1),
            PaddingFrames = -1,
            MotionGroupLength = 0,
            DecodeChunkLength = 0,
        };
        Assert.Equal(8, SettingsRules.Failures(settings, Geometry).Count());
    }

    [Theory, InlineData(0.0), InlineData(1.01), InlineData(double.NaN), InlineData(0.01)]
    public void Failures_StrengthWithoutSteps_NameIt(double strength) =>
        Assert.StartsWith("strength", Assert.Single(SettingsRules.Failures(Defaults with { Strength = strength }, Geometry)), StringComparison.Ordinal);

    [Fact]
    public void ThrowIfAny_SeveralFailures_ListsOneALine()
    {
        var exception = OptionErrors.Invalid(["a", "b"]);
        Assert.Equal("HP3001", exception.Code);
        Assert.Equal("2 settings do not fit:\n  - a.\n  - b.", exception.Message);
    }
}
