using HunyuanPortrait.Rendering.Progress;

namespace HunyuanPortrait.Cli.Terminal;

/// <summary>Lines for logs: one when a stage begins to move, one every few seconds, one when it ends.</summary>
internal sealed class PlainProgressDisplay(TextWriter writer, TimeProvider clock) : IProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public Task<T> ShowAsync<T>(Func<IProgress<RenderProgress>, Task<T>> work) => work(new Lines(writer, clock));

    private sealed class Lines(TextWriter writer, TimeProvider clock) : IProgress<RenderProgress>
    {
        private readonly Lock gate = new();
        private RenderStage? stage;
        private StageRate rate = new(clock);
        private long lastLine;

        public void Report(RenderProgress value)
        {
            lock (gate)
            {
                var isNew = stage != value.Stage;
                if (isNew)
                    (stage, rate) = (value.Stage, new StageRate(clock));
                rate.See(value);
                var isDone = value.Total > 0 && value.Done == value.Total;
                if (!isNew && !isDone && clock.GetElapsedTime(lastLine) < Interval)
                    return;
                lastLine = clock.GetTimestamp();
                writer.WriteLine($"{StageNames.Of(value.Stage),-22} {rate.Describe(value)}".TrimEnd());
            }
        }
    }
}
