using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Grains.Interfaces.Jobs;
using HunyuanPortrait.Grains.Interfaces.Segments;
using HunyuanPortrait.Grains.Jobs;

namespace HunyuanPortrait.Benchmarks.Scaling;

/// <summary>
/// What a job's coordinator holds in the middle of denoising, without Orleans' bookkeeping: plan, wavefront, what it has told the pool of, results that are
/// still read, and the ledgers of motion groups. Many copies are weighed together, because one is less than what a process moves by meanwhile.
/// </summary>
internal sealed class CoordinatorMemory
{
    private const string Job = "scaling";
    private const int Copies = 32;

    private static readonly string Sha256 = new('0', 64);

    private readonly JobRun run;
    private readonly List<TaskLedger> ledgers = [];

    private CoordinatorMemory(JobSpecification job)
    {
        run = new JobRun(job, job.FrameCount, TimeProvider.System);
        Prepare();
        Denoise();
    }

    /// <summary>Kilobytes of one.</summary>
    public static double Measure(JobSpecification job)
    {
        var coordinators = new CoordinatorMemory[Copies];
        _ = new CoordinatorMemory(job);
        var before = GrainMemory.Collect();
        for (var copy = 0; copy < Copies; copy++)
            coordinators[copy] = new CoordinatorMemory(job);
        var kilobytes = (GrainMemory.Collect() - before) / 1024.0 / Copies;
        GC.KeepAlive(coordinators);
        return kilobytes;
    }

    private void Prepare()
    {
        foreach (var page in run.Plan.TasksOf(TaskKind.EncodeMotion).Chunk(JobLedgers.PageLength))
        {
            var ledger = TaskLedger.Restore(LedgerSnapshot.Empty);
            foreach (var task in page)
            {
                (var epoch, ledger) = ledger.Open(task);
                (_, ledger) = ledger.Accept(task, epoch!.Value, new TaskResult($"motion/2026-W48/{Sha256[..32]}/tokens/{task.Index}", new string(Sha256)));
                run.Sent.Add(task);
            }

            ledgers.Add(ledger);
        }
    }

    private void Denoise()
    {
        var plan = run.Plan.Segments;
        run.Wavefront = new Wavefront(plan);
        foreach (var window in run.Wavefront.Outstanding())
            run.Sent.Add(TaskId.Denoise(window.Step, window.Window));
        for (var step = 0; step < plan.StepCount / 2; step++)
        {
            for (var segment = 0; segment < plan.SegmentCount; segment++)
                Complete(run.Wavefront, plan, segment, step);
        }
    }

    private void Complete(Wavefront wavefront, SegmentPlan plan, int segment, int step)
    {
        var home = plan.WindowsOf(step, segment).Where(window => plan.HomeOf(step, window) == segment);
        run.Note(new SegmentView
        {
            Segment = segment,
            CompletedSteps = step + 1,
            Results = [.. home.Select(window => new WindowContribution
            {
                Step = step,
                Window = window,
                ResultKey = ArtifactKeys.Result(Job, TaskId.Denoise(step, window), LeaseEpoch.Of(1, 1)).Value,
                Sha256 = Sha256,
            })],
        });
        var change = wavefront.Complete(segment, step);
        foreach (var window in change.Ready)
            run.Sent.Add(TaskId.Denoise(window.Step, window.Window));
        foreach (var window in change.ObsoleteResults)
            run.TakeResult(window);
    }
}
