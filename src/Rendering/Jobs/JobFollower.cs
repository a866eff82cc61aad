using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Jobs;
using HunyuanPortrait.Rendering.Progress;
using HunyuanPortrait.Rendering.Stages;

namespace HunyuanPortrait.Rendering.Jobs;

/// <summary>What a cluster says of a job → the stages of a render, each of which begins and ends once. Told by one thread, but for the frames that are read.</summary>
internal sealed class JobFollower(StageClock stages) : IProgress<int>
{
    private RenderProgress last = new(RenderStage.Portrait, 0, 1, 0);
    private TaskPlan? plan;
    private long? begun;
    private volatile int framesRead;

    /// <summary>Takes note of how many driving frames have been read.</summary>
    public void Report(int value) => framesRead = value;

    /// <summary>Reports what is new.</summary>
    public async Task SeeAsync(JobStanding standing, JobSpecification job, IArtifactStore store, CancellationToken cancellationToken)
    {
        if (plan is null && standing.State > JobState.Preparing
            && await store.ReadAsync(ArtifactKeys.Preparation(standing.Job), cancellationToken).ConfigureAwait(false) is { } preparation)
        {
            plan = new TaskPlan(job.Shape(JobDocuments.ReadPreparation(preparation.Content.Span).FrameCount));
        }

        var position = PositionOf(standing, plan ?? new TaskPlan(job.Shape(job.FrameCount)));
        begun ??= stages.Begin(last.Stage);
        while (last.Stage < position.Stage)
        {
            Complete();
            last = new RenderProgress(last.Stage + 1, 0, 0, 0);
            begun = stages.Begin(last.Stage);
        }

        if (position == last)
            return;
        last = position;
        stages.Report(last);
    }

    /// <summary>Ends the stage at hand.</summary>
    public void Complete()
    {
        if (last.Done < last.Total)
            stages.Report(last with { Done = last.Total, Denoising = last.Denoising is { } at ? at with { Step = at.Steps, Window = at.Windows } : null });
        stages.End(last.Stage, begun!.Value);
    }

    private RenderProgress PositionOf(JobStanding standing, TaskPlan plan) => standing.State switch
    {
        JobState.Submitted => new(RenderStage.Portrait, 0, 1, 0),
        JobState.Preparing when standing.CompletedTasks == 0 => new(RenderStage.Portrait, 0, 1, 0),
        JobState.Preparing => Motion(standing, plan),
        JobState.Denoising => Denoising(standing, plan),
        _ => Decoding(standing, plan),
    };

    /// <summary>Frames are read and cut first, and encoded in groups then.</summary>
    private RenderProgress Motion(JobStanding standing, TaskPlan plan)
    {
        var (frames, groups) = (Math.Max(plan.Shape.FrameCount, framesRead), Math.Max(0, standing.CompletedTasks - 2));
        var encoded = Math.Min(plan.Shape.FrameCount, groups * plan.Shape.Chunks.MotionGroup);
        return new RenderProgress(RenderStage.Motion, Math.Min(framesRead + encoded, 2 * frames), 2 * frames, 0.5);
    }

    private static RenderProgress Denoising(JobStanding standing, TaskPlan plan)
    {
        var (steps, windows) = (plan.Shape.StepCount, plan.Segments.WindowCount);
        var position = new DenoisingPosition(
            Math.Min(standing.SlowestStep + 1, steps), steps, Math.Clamp(standing.CompletedWindows - standing.SlowestStep * windows, 0, windows), windows);
        return new RenderProgress(
            RenderStage.Denoise, standing.CompletedWindows, steps * windows, (double)plan.Shape.FrameCount / (steps * windows), position);
    }

    private static RenderProgress Decoding(JobStanding standing, TaskPlan plan)
    {
        var before = plan.CountOf(TaskKind.PreparePortrait) + plan.CountOf(TaskKind.PrepareMotion) + plan.CountOf(TaskKind.EncodeMotion)
            + plan.CountOf(TaskKind.DenoiseWindow);
        var done = (double)Math.Max(0, standing.CompletedTasks - before) / (plan.TotalCount - before);
        return new RenderProgress(RenderStage.Decode, (int)(done * plan.Shape.FrameCount), plan.Shape.FrameCount, 1);
    }
}
