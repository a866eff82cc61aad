using HunyuanPortrait.Rendering.Progress;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HunyuanPortrait.Cli.Terminal;

/// <summary>A bar for every stage that has begun, redrawn in place.</summary>
internal sealed class LiveProgressDisplay(IAnsiConsole console, TimeProvider clock) : IProgressDisplay
{
    public Task<T> ShowAsync<T>(Func<IProgress<RenderProgress>, Task<T>> work)
    {
        var bars = new Bars(clock);
        return console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new DetailColumn(bars))
            .StartAsync(context =>
            {
                bars.Context = context;
                return work(bars);
            });
    }

    private sealed class Bars(TimeProvider clock) : IProgress<RenderProgress>
    {
        private readonly Lock gate = new();
        private readonly Dictionary<int, string> details = [];
        private RenderStage? stage;
        private ProgressTask? bar;
        private StageRate rate = new(clock);

        public ProgressContext? Context { get; set; }

        public string DetailOf(int bar)
        {
            lock (gate)
                return details.GetValueOrDefault(bar, "");
        }

        public void Report(RenderProgress value)
        {
            lock (gate)
            {
                if (stage != value.Stage)
                    Begin(value.Stage);
                rate.See(value);
                bar!.MaxValue = Math.Max(1, value.Total);
                bar.Value = value.Done;
                details[bar.Id] = rate.Describe(value);
            }
        }

        private void Begin(RenderStage next)
        {
            if (bar is not null)
                bar.Value = bar.MaxValue;
            (stage, rate) = (next, new StageRate(clock));
            bar = Context!.AddTask(StageNames.Of(next));
        }
    }

    private sealed class DetailColumn(Bars bars) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(bars.DetailOf(task.Id));
    }
}
