using HunyuanPortrait.Inference.Sessions;

namespace HunyuanPortrait.Parity.Tests;

public sealed class GoldenTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("unet-2level", false), InlineData("unet-2level", true)]
    [InlineData("unet-3level", false), InlineData("unet-3level", true)]
    [InlineData("vae", false), InlineData("vae", true)]
    [InlineData("image-encoder", false), InlineData("image-encoder", true)]
    [InlineData("image-proj", false)]
    [InlineData("expression", false), InlineData("expression", true)]
    [InlineData("headpose", false), InlineData("headpose", true)]
    [InlineData("motion-refiner", false), InlineData("motion-refiner", true)]
    [InlineData("pose-guider", false), InlineData("pose-guider", true)]
    [InlineData("scheduler", false)]
    public void Check_RecordedCase_Passes(string name, bool isNaive)
    {
        Assert.SkipUnless(Recordings.Shared is not null, "needs ../shared/reference");
        var options = new ParityOptions(new OnnxNetworkLoader(new DeviceOptions())) { IsNaive = isNaive };

        var report = Assert.Single(ParityCheck.Run(Path.Combine(Recordings.Shared!, name), options));

        foreach (var comparison in report.Comparisons)
            output.WriteLine($"{(comparison.Passed ? "ok " : "BAD")} {comparison.Output,-70} {comparison.Shape,-20} abs {comparison.MaxAbsolute:E2} rel {comparison.MaxRelative:E2} {comparison.Note}");
        Assert.True(report.Passed, string.Join('\n', report.Comparisons.Where(comparison => !comparison.Passed)));
    }
}
