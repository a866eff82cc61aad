using System.Globalization;
using HunyuanPortrait.Rendering.Progress;

namespace HunyuanPortrait.Cli.Terminal;

/// <summary>How fast a stage goes, measured from its first report.</summary>
internal sealed class StageRate(TimeProvider clock)
{
    private readonly long started = clock.GetTimestamp();

    public TimeSpan Elapsed => clock.GetElapsedTime(started);

    /// <summary>Frames per second so far; 0 before the first unit.</summary>
    public double FramesPerSecond(RenderProgress progress) =>
        Elapsed > TimeSpan.Zero ? progress.Done * progress.FramesPerUnit / Elapsed.TotalSeconds : 0;

    /// <summary>Time until the stage ends; null while nothing is known.</summary>
    public TimeSpan? Left(RenderProgress progress) =>
        progress.Done > 0 && progress.Total > 0 ? Elapsed * ((double)(progress.Total - progress.Done) / progress.Done) : null;

    /// <summary><c>step 3/25, window 2/7 · 1.2 frames/s · 1:20 left</c>, as far as it is known.</summary>
    public string Describe(RenderProgress progress)
    {
        var parts = new List<string>();
        if (progress.Denoising is { } position)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"step {position.Step}/{position.Steps}, window {position.Window}/{position.Windows}"));
        else if (progress.Total > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{progress.Done}/{progress.Total}"));
        if (progress.FramesPerUnit > 0 && FramesPerSecond(progress) is > 0 and var rate)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{rate:0.0} frames/s"));
        if (progress.Done < progress.Total && Left(progress) is { } left)
            parts.Add($"{Clock(left)} left");
        return string.Join(" · ", parts);
    }

    /// <summary><c>1:20</c> or <c>1:02:03</c>.</summary>
    public static string Clock(TimeSpan time) =>
        time.TotalHours >= 1 ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
