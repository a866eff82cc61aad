using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Storage.Artifacts;

namespace HunyuanPortrait.Benchmarks.Scaling;

/// <summary>What to measure.</summary>
/// <param name="Frames">Driving frames of the long clip.</param>
/// <param name="Silos">Numbers of GPU silos.</param>
/// <param name="Stores">Where artifacts and states are: <c>memory</c>, <c>directory</c>.</param>
/// <param name="Window">Simulated time of a window-step.</param>
/// <param name="Folder">Where directories are made.</param>
/// <param name="WithMemory">Whether memory is measured too.</param>
internal sealed record ScalingSettings(
    int Frames, IReadOnlyList<int> Silos, IReadOnlyList<string> Stores, TimeSpan Window, string Folder, bool WithMemory);

/// <summary>How a clip's denoising gets faster with the number of GPU silos, and what the cluster costs.</summary>
internal static class ScalingBenchmark
{
    // 20 windows in 3 steps: 18 seconds on one device. How much longer it takes for the long clip is arithmetic.
    private const int ShortFrames = 400;
    private const int ShortSteps = 3;

    private static readonly int[] MemoryFrames = [1_000, 15_000];
    private const int MemorySteps = 6;

    public static async Task<ScalingReport> RunAsync(ScalingSettings settings)
    {
        var load = LoadAverage();

        // First, while no cluster that has ended still holds what a timer or a cache knows of it.
        var memory = new List<GrainMemory>();
        foreach (var frames in settings.WithMemory ? MemoryFrames : [])
            memory.Add(await InDirectoryAsync(settings, store => GrainMemory.MeasureAsync(frames, MemorySteps, store)).ConfigureAwait(false));

        foreach (var store in settings.Stores)
            await InStoreAsync(settings, store, place => ScalingRun.WarmUpAsync(settings.Silos.Max(), place)).ConfigureAwait(false);
        var one = await MeasureAsync(settings, 1, settings.Stores[0], ScalingRun.Specification(ShortFrames, ShortSteps)).ConfigureAwait(false);
        var points = new List<ScalingPoint>();
        foreach (var store in settings.Stores)
        {
            foreach (var silos in settings.Silos)
            {
                var run = await MeasureAsync(settings, silos, store, ScalingRun.Specification(settings.Frames, StepsFor(silos))).ConfigureAwait(false);
                points.Add(new ScalingPoint(
                    run, run.WindowSteps * settings.Window.TotalSeconds / run.Seconds, run.WindowSteps * one.SecondsOfDevice / run.Seconds));
                await Console.Error.WriteLineAsync($"{silos} silos, {store}: {run.Seconds:F1} s").ConfigureAwait(false);
            }
        }

        return new ScalingReport(Report.DescribeMachine(), $"{load}, then {LoadAverage()}", settings.Window.TotalSeconds, one, points, memory);
    }

    /// <summary>Every run takes about a minute: as many steps as that needs, at least two because a single one has no wavefront.</summary>
    private static int StepsFor(int silos) => Math.Max(2, silos / 2);

    private static Task<ScalingRun> MeasureAsync(ScalingSettings settings, int silos, string store, JobSpecification job) =>
        InStoreAsync(settings, store, place => ScalingRun.MeasureAsync(silos, store, place, job, settings.Window));

    private static Task<T> InStoreAsync<T>(ScalingSettings settings, string store, Func<IArtifactStore, Task<T>> run) => store switch
    {
        "memory" => run(new MemoryArtifactStore(TimeProvider.System)),
        "directory" => InDirectoryAsync(settings, run),
        _ => throw new ArgumentException($"A store is 'memory' or 'directory', not '{store}'."),
    };

    private static async Task<T> InDirectoryAsync<T>(ScalingSettings settings, Func<IArtifactStore, Task<T>> measure)
    {
        var folder = Path.Combine(settings.Folder, "scaling-" + Path.GetRandomFileName());
        try
        {
            using var store = await LocalArtifactStore.OpenAsync(folder, "benchmark").ConfigureAwait(false);
            return await measure(store).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string LoadAverage() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";
}
