using System.Diagnostics;
using System.Runtime;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Simulation;
using HunyuanPortrait.Simulation.Devices;

namespace HunyuanPortrait.Benchmarks.Scaling;

/// <summary>What one run of a job has shown. Everything is measured.</summary>
/// <param name="GpuSilos">Devices.</param>
/// <param name="Store">Where artifacts and states were.</param>
/// <param name="Frames">Driving frames.</param>
/// <param name="Steps">Steps.</param>
/// <param name="WindowSteps">Windows of all steps.</param>
/// <param name="Seconds">From the first lease of a window until the last latents are published.</param>
/// <param name="CpuMilliseconds">Of the whole process in that time, for each window-step: grains, messages, store, simulated arithmetic.</param>
/// <param name="IdleCpuMilliseconds">What the same silos use in the same time without a job (probes, timers, polling), for each window-step.</param>
/// <param name="Messages">Sent by Orleans' meter, for each window-step, with those of the runtime itself; a call is two messages.</param>
/// <param name="MessageBytes">Of them, for each window-step.</param>
/// <param name="Calls">Grain calls that silos received, for each window-step, by method.</param>
/// <param name="StoreWrites">For each window-step.</param>
/// <param name="StoreReads">For each window-step.</param>
/// <param name="AllocatedKilobytes">For each window-step.</param>
/// <param name="CompilerMilliseconds">What the just-in-time compiler took of the CPU at most, for each window-step: it is paid once a process.</param>
/// <param name="Refused">Results that were computed twice.</param>
internal sealed record ScalingRun(
    int GpuSilos, string Store, int Frames, int Steps, int WindowSteps, double Seconds, double CpuMilliseconds, double IdleCpuMilliseconds, double Messages,
    double MessageBytes, IReadOnlyDictionary<string, double> Calls, double StoreWrites, double StoreReads, double AllocatedKilobytes, double CompilerMilliseconds, int Refused)
{
    /// <summary>Faded frames on each side, as the official settings have them.</summary>
    public const int Padding = 15;

    // A cluster has come to rest some seconds after its start.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(15);

    /// <summary>What a window-step takes on one of the devices, with what the run adds to it.</summary>
    public double SecondsOfDevice => Seconds * GpuSilos / WindowSteps;

    /// <summary>A job with the window plan of the official settings.</summary>
    public static JobSpecification Specification(int frames, int steps)
    {
        var job = SimulatedJobs.Specification(frames, steps, OutputSettings.DefaultPartLength);
        return job with { Settings = job.Settings with { PaddingFrames = Padding } };
    }

    /// <summary>Runs a job that nobody measures, and waits until the compiler has nothing more to do, so that what is measured later has been compiled.</summary>
    public static async Task<RenderJobView> WarmUpAsync(int gpuSilos, IArtifactStore store)
    {
        await using var cluster = await ScalingCluster.StartAsync(gpuSilos, new SimulatedCost(), store, new NoHistory()).ConfigureAwait(false);
        await cluster.SubmitAsync(Specification(2_000, 30)).ConfigureAwait(false);
        var ended = await cluster.WaitAsync(view => view.HasEnded, TimeSpan.FromMilliseconds(200)).ConfigureAwait(false);
        for (var compiled = -1L; compiled != JitInfo.GetCompiledMethodCount();)
        {
            compiled = JitInfo.GetCompiledMethodCount();
            await Task.Delay(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        }

        return ended;
    }

    public static async Task<ScalingRun> MeasureAsync(int gpuSilos, string store, IArtifactStore place, JobSpecification job, TimeSpan window)
    {
        var plan = new TaskPlan(job.Shape(job.FrameCount));
        var counting = new CountingStore(place);
        using var messages = new MessageMeter();
        using var process = Process.GetCurrentProcess();
        var calls = new CallCounter();
        var watch = new DenoisingWatch(plan.Segments.SegmentCount * plan.Shape.StepCount, () =>
        {
            process.Refresh();
            return new Usage(DenoisingWatch.Now, process.TotalProcessorTime, messages.Counts, counting.Counts, calls.Calls, GC.GetTotalAllocatedBytes(), JitInfo.GetCompilationTime());
        });
        await using var cluster = await ScalingCluster.StartAsync(gpuSilos, new SimulatedCost(window), counting, watch, silo => silo.AddIncomingGrainCallFilter(calls))
            .ConfigureAwait(false);
        var idle = await IdleCpuAsync(process).ConfigureAwait(false);
        await cluster.SubmitAsync(job).ConfigureAwait(false);
        var whole = cluster.WaitAsync(view => view.HasEnded, TimeSpan.FromSeconds(5));
        if (await Task.WhenAny(whole, watch.End).ConfigureAwait(false) == whole)
            await whole.ConfigureAwait(false);
        var (begin, end) = (await watch.Begin.ConfigureAwait(false), await watch.End.ConfigureAwait(false));
        var ended = await whole.ConfigureAwait(false);
        if (ended.State != JobStateView.Succeeded)
            throw new InvalidOperationException($"The job has ended as {ended.State}: {ended.Failure?.Code} {ended.Failure?.Message}");
        var count = plan.CountOf(TaskKind.DenoiseWindow);
        var elapsed = Stopwatch.GetElapsedTime(begin.Timestamp, end.Timestamp);
        return new ScalingRun(
            gpuSilos, store, job.FrameCount, plan.Shape.StepCount, count, elapsed.TotalSeconds,
            (end.Cpu - begin.Cpu).TotalMilliseconds / count,
            idle * elapsed.TotalMilliseconds / count,
            (double)(end.Messages.Count - begin.Messages.Count) / count,
            (double)(end.Messages.Bytes - begin.Messages.Bytes) / count,
            end.Calls.ToDictionary(call => call.Key, call => (double)(call.Value - begin.Calls.GetValueOrDefault(call.Key)) / count),
            (double)(end.Store.Writes - begin.Store.Writes) / count,
            (double)(end.Store.Reads - begin.Store.Reads) / count,
            (end.Allocated - begin.Allocated) / 1024.0 / count, (end.Compiler - begin.Compiler).TotalMilliseconds / count, watch.Refused);
    }

    /// <summary>The share of one core that a cluster without a job uses.</summary>
    private static async Task<double> IdleCpuAsync(Process process)
    {
        await Task.Delay(Rest).ConfigureAwait(false);
        process.Refresh();
        var (before, since) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(IdleTime).ConfigureAwait(false);
        process.Refresh();
        return (process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(since);
    }
}
