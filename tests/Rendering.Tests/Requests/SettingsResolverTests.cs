using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Schedulers;
using HunyuanPortrait.Core.Windows;
using HunyuanPortrait.Rendering.Requests;

namespace HunyuanPortrait.Rendering.Tests.Requests;

public sealed class SettingsResolverTests
{
    private static readonly RenderDefaults Defaults = new(
        25, 1, new WindowSettings(8, 3, 3), new GuidanceSettings(2, 2, 2, 2), 15, 25, 8, new MicroConditioning(12.5f, 0, 0), 72580);

    private static readonly ModelManifest Model = new(
        1, "test", ModelKind.StandIn, "fp32", new ModelGeometry(64, 64, 4, 8, 0.18215f, 8, 4, 4, 16, 16, 28, 32, 16),
        new SchedulerSettings(0.002, 700), Defaults, new Dictionary<string, NetworkFile>(), [], null, []);

    [Fact]
    public void Resolve_NothingGiven_IsTheModelsDefaults() => Assert.Equal(Defaults, SettingsResolver.Resolve(new SamplingOverrides(), Model));

    [Fact]
    public void Resolve_Overrides_ReplaceOnlyThemselves()
    {
        var settings = SettingsResolver.Resolve(
            new SamplingOverrides { Seed = 3, Steps = 4, MotionGuidance = new GuidanceRamp(1, 3), WindowOverlap = 2, PaddingFrames = 0 }, Model);
        Assert.Equal(
            Defaults with
            {
                Seed = 3,
                InferenceSteps = 4,
                Guidance = new GuidanceSettings(2, 2, 1, 3),
                Windows = new WindowSettings(8, 2, 3),
                PaddingFrames = 0,
            },
            settings);
    }

    [Fact]
    public void Resolve_SeveralWrongSettings_NamesAllOfThem()
    {
        var refusal = Assert.Throws<RenderException>(() => SettingsResolver.Resolve(new SamplingOverrides { WindowLength = 25, Steps = 0 }, Model));
        Assert.Equal("HP3001", refusal.Code);
        Assert.Contains("25", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("inferenceSteps (0)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_StrengthThatLeavesNoStep_IsRefused() =>
        Assert.Equal("HP3001", Assert.Throws<RenderException>(() => SettingsResolver.Resolve(new SamplingOverrides { Steps = 4, Strength = 0.1f }, Model)).Code);
}
