using System.Globalization;
using HunyuanPortrait.Rendering.Progress;

namespace HunyuanPortrait.Cli.Terminal;

/// <summary>How fast a stage goes, measured from the first report of something done: what a run before this one has done is in that report.</summary>
internal sealed class StageRate(TimeProvider clock)
{
    private (int Done, long At)? first;

    /// <summary>Takes note of a report.</summary>
    public void See(RenderProgress progress)
    {
        if (first is null && progress.Done > 0)
            first = (progress.Done, clock.GetTimestamp());
    }

    /// <summary><c>step 3/25, window 2/7 · 1.2 frames/s · 1:20 left</c>, as far as it is known.</summary>
    public string Describe(RenderProgress progress)
    {
        var parts = new List<string>();
        if (progress.Denoising is { } position)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"step {position.Step}/{position.Steps}, window {position.Window}/{position.Windows}"));
        else if (progress.Total > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{progress.Done}/{progress.Total}"));
        if (UnitsPerSecond(progress) is { } rate)
        {
            if (progress.FramesPerUnit > 0)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{rate * progress.FramesPerUnit:0.0} frames/s"));
            if (progress.Done < progress.Total)
                parts.Add($"{Clock(TimeSpan.FromSeconds((progress.Total - progress.Done) / rate))} left");
        }

        return string.Join(" · ", parts);
    }

    /// <summary><c>1:20</c> or <c>1:02:03</c>.</summary>
    public static string Clock(TimeSpan time) =>
        time.TotalHours >= 1 ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    private double? UnitsPerSecond(RenderProgress progress) =>
        first is { } begin && progress.Done > begin.Done && clock.GetElapsedTime(begin.At) is { Ticks: > 0 } elapsed
            ? (progress.Done - begin.Done) / elapsed.TotalSeconds
            : null;
}
