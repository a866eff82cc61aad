using CsCheck;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Tests.Recorded;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Tests.Windows;

public sealed class WindowPlannerTests
{
    private static readonly Gen<WindowSettings> Settings =
        Gen.Int[1, 30].SelectMany(length => Gen.Select(Gen.Int[0, length - 1], Gen.Int[0, 40], (overlap, shift) => new WindowSettings(length, overlap, shift)));

    [Theory, InlineData("37"), InlineData("35-pad2"), InlineData("5-short"), InlineData("12-strength")]
    public void Plan_RecordedRuns_GivesRecordedWindows(string name)
    {
        var recorded = SamplingCase.Load(name);
        Assert.Equal(recorded.StepsRun, recorded.WindowsPerStep.GetArrayLength());
        for (var step = 0; step < recorded.StepsRun; step++)
        {
            var plan = WindowPlanner.Plan(recorded.Frames, recorded.Windows, step);
            var expected = recorded.WindowsPerStep[step].EnumerateArray().ToList();
            Assert.Equal(expected.Select(window => window.GetProperty("start").GetInt32()), plan.Select(window => window.Start));
            Assert.Equal(
                expected.SelectMany(window => window.GetProperty("idx").Ints()),
                plan.SelectMany(window => window.Frames(recorded.Frames)));
        }
    }

    [Fact]
    public void Plan_AnySettings_CoversEveryFrame() =>
        Gen.Select(Gen.Int[1, 200], Settings, Gen.Int[0, 60]).Sample((frames, settings, step) =>
            WindowPlanner.Plan(frames, settings, step).SelectMany(window => window.Frames(frames)).Distinct().Count() == frames);

    [Fact]
    public void Plan_AnySettings_KeepsTheStride() =>
        Gen.Select(Gen.Int[1, 200], Settings, Gen.Int[0, 60]).Sample((frames, settings, step) =>
        {
            var starts = WindowPlanner.Plan(frames, settings, step).Select(window => window.Start).ToArray();
            Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.Equal(settings.Stride, pair.Second - pair.First));
            Assert.InRange(starts[0], -settings.Length + 1, 0);
        });

    [Fact]
    public void Plan_ClipShorterThanWindow_RepeatsFrames() =>
        Assert.Equal([4, 0, 1, 2, 3, 4, 0, 1], WindowPlanner.Plan(5, new WindowSettings(8, 3, 3), 2).Single().Frames(5));

    [Fact]
    public void Plan_SettingsWithSeveralFaults_ListsAll()
    {
        var exception = Assert.Throws<RenderException>(() => WindowPlanner.Plan(10, new WindowSettings(4, 4, -1), 0));
        Assert.Equal("HP3001", exception.Code);
        Assert.Contains("windows.overlap (4) must be less than windows.length (4)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("windows.shift (-1)", exception.Message, StringComparison.Ordinal);
    }
}
