using HunyuanPortrait.Rendering.Progress;
using HunyuanPortrait.Rendering.Reports;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>Time and progress of the stages of one run.</summary>
internal sealed class StageClock(TimeProvider clock, IProgress<RenderProgress>? progress)
{
    private readonly List<StageTiming> timings = [];
    private readonly long started = clock.GetTimestamp();

    public IReadOnlyList<StageTiming> Timings => timings;

    public double TotalSeconds => clock.GetElapsedTime(started).TotalSeconds;

    /// <summary>Runs one stage. Its time counts only when it ends well: a run that fails has no report.</summary>
    public T Measure<T>(RenderStage stage, Func<T> work)
    {
        var begin = Begin(stage);
        var result = work();
        End(stage, begin);
        return result;
    }

    /// <inheritdoc cref="Measure{T}"/>
    public async Task<T> MeasureAsync<T>(RenderStage stage, Func<Task<T>> work)
    {
        var begin = Begin(stage);
        var result = await work().ConfigureAwait(false);
        End(stage, begin);
        return result;
    }

    public void Report(RenderProgress position) => progress?.Report(position);

    /// <summary>Begins a stage that somebody else's work decides; <see cref="End"/> takes what this gives.</summary>
    public long Begin(RenderStage stage)
    {
        Report(new RenderProgress(stage, 0, 0, 0));
        return clock.GetTimestamp();
    }

    /// <summary>Ends a stage well.</summary>
    public void End(RenderStage stage, long begin) => timings.Add(new StageTiming(stage, clock.GetElapsedTime(begin).TotalSeconds));
}
