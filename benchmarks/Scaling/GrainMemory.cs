using System.Runtime;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Grains.Hosting;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Interfaces.Segments;
using HunyuanPortrait.Simulation.Devices;
using Microsoft.Extensions.DependencyInjection;

namespace HunyuanPortrait.Benchmarks.Scaling;

/// <summary>
/// Managed memory that the grains of one job hold in the middle of denoising: the segments with Orleans' own bookkeeping for them, the coordinator without it
/// (<see cref="CoordinatorMemory"/>).
/// </summary>
/// <param name="Frames">Driving frames.</param>
/// <param name="Segments">Segments of the clip.</param>
/// <param name="SegmentKilobytes">One segment.</param>
/// <param name="CoordinatorKilobytes">The coordinator of a job with the official number of steps.</param>
internal sealed record GrainMemory(int Frames, int Segments, double SegmentKilobytes, double CoordinatorKilobytes)
{
    // What has been idle for this long is deactivated; the job is asked at once before.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(3);

    private const int OfficialSteps = 25;
    private const long Settled = 32 << 10;
    private const int MostAttempts = 10;

    public static async Task<GrainMemory> MeasureAsync(int frames, int steps, IArtifactStore store)
    {
        var job = ScalingRun.Specification(frames, steps);
        var segments = new TaskPlan(job.Shape(frames)).Segments.SegmentCount;
        await using var cluster = await ScalingCluster.StartAsync(
            1, new SimulatedCost(), store, new NoHistory(), silo => silo.Services.Configure<CoordinationOptions>(options => options.SweepInterval = TimeSpan.FromMinutes(5)))
            .ConfigureAwait(false);
        await cluster.SubmitAsync(job).ConfigureAwait(false);
        await cluster.WaitAsync(view => view.State == JobStateView.Denoising && view.Progress.SlowestStep >= steps / 2, TimeSpan.FromMilliseconds(50)).ConfigureAwait(false);
        await cluster.Job.PauseAsync().ConfigureAwait(false);
        var paused = await cluster.Job.GetAsync().ConfigureAwait(false);
        if (paused.State != JobStateView.Denoising)
            throw new InvalidOperationException($"The job was {paused.State} before it was paused: give it more steps.");
        await Task.Delay(Idle).ConfigureAwait(false);
        for (var segment = 0; segment < segments; segment++)
            await cluster.Grains.GetGrain<ILatentSegmentGrain>($"scaling/{segment}").ReportAsync().ConfigureAwait(false);
        var all = await SettleAsync().ConfigureAwait(false);
        var management = cluster.Grains.GetGrain<IManagementGrain>(0);
        await Task.Delay(2 * Idle).ConfigureAwait(false);
        await cluster.Job.GetAsync().ConfigureAwait(false);
        await management.ForceActivationCollection(Idle).ConfigureAwait(false);
        await UntilGoneAsync(management).ConfigureAwait(false);
        var withoutSegments = await SettleAsync().ConfigureAwait(false);
        return new GrainMemory(
            frames, segments, (all - withoutSegments) / 1024.0 / segments, CoordinatorMemory.Measure(ScalingRun.Specification(frames, OfficialSteps)));
    }

    private static async Task UntilGoneAsync(IManagementGrain management)
    {
        while ((await management.GetSimpleGrainStatistics().ConfigureAwait(false))
            .Where(grain => grain.GrainType.Contains("LatentSegment", StringComparison.Ordinal)).Sum(grain => grain.ActivationCount) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200)).ConfigureAwait(false);
        }
    }

    /// <summary>Pools of buffers give their memory back over a minute, so that is waited for.</summary>
    private static async Task<long> SettleAsync()
    {
        var (before, now) = (long.MaxValue, Collect());
        for (var attempt = 0; before - now > Settled && attempt < MostAttempts; attempt++)
        {
            await Task.Delay(Idle).ConfigureAwait(false);
            (before, now) = (now, Collect());
        }

        return now;
    }

    /// <summary>Bytes that are alive.</summary>
    public static long Collect()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
