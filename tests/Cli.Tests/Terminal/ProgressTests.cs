using HunyuanPortrait.Cli.Terminal;
using HunyuanPortrait.Rendering.Progress;

namespace HunyuanPortrait.Cli.Tests.Terminal;

public sealed class ProgressTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public void Describe_Denoising_NamesStepWindowRateAndTimeLeft()
    {
        var rate = new StageRate(clock);
        rate.See(new RenderProgress(RenderStage.Denoise, 0, 25, 2, new DenoisingPosition(1, 5, 0, 5)));
        clock.Advance(TimeSpan.FromSeconds(100));
        rate.See(new RenderProgress(RenderStage.Denoise, 1, 25, 2, new DenoisingPosition(1, 5, 1, 5)));
        clock.Advance(TimeSpan.FromSeconds(16));
        var progress = new RenderProgress(RenderStage.Denoise, 5, 25, 2, new DenoisingPosition(2, 5, 5, 5));
        Assert.Equal("step 2/5, window 5/5 · 0.5 frames/s · 1:20 left", rate.Describe(progress));
    }

    [Fact]
    public void Describe_GoingOnWhereAnotherRunWas_CountsThisRunOnly()
    {
        var rate = new StageRate(clock);
        rate.See(new RenderProgress(RenderStage.Denoise, 20, 25, 2));
        Assert.Equal("20/25", rate.Describe(new RenderProgress(RenderStage.Denoise, 20, 25, 2)));
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("21/25 · 0.5 frames/s · 0:16 left", rate.Describe(new RenderProgress(RenderStage.Denoise, 21, 25, 2)));
    }

    [Fact]
    public void Describe_BeforeTheFirstUnit_PromisesNothing() =>
        Assert.Equal("0/40", new StageRate(clock).Describe(new RenderProgress(RenderStage.Motion, 0, 40, 1)));

    [Fact]
    public void Clock_MoreThanAnHour_ShowsHours() => Assert.Equal("1:02:03", StageRate.Clock(new TimeSpan(1, 2, 3)));

    [Fact]
    public async Task PlainLines_ManyReports_AreOnePerStageBeginIntervalAndEnd()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        await new PlainProgressDisplay(writer, clock).ShowAsync(progress =>
        {
            for (var frame = 0; frame <= 100; frame++)
            {
                progress.Report(new RenderProgress(RenderStage.Motion, frame, 100, 1));
                clock.Advance(TimeSpan.FromSeconds(0.1));
            }

            return Task.FromResult(0);
        });
        var lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("following the motion   100/100", lines[^1], StringComparison.Ordinal);
    }

    private sealed class ManualClock : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Advance(TimeSpan time) => ticks += time.Ticks;
    }
}
