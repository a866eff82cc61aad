using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Core.Windows;
using HunyuanPortrait.Workers.Artifacts;
using HunyuanPortrait.Workers.Caches;

namespace HunyuanPortrait.Workers.Denoising;

/// <summary>One window at one step: reads the latents of the segments that it touches, denoises, stores its own latents.</summary>
internal sealed class WindowTask(IArtifactStore store, JobMemory memory, LatentsReader reader, DeviceThreads threads) : ITaskStage
{
    public async Task<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var job = await memory.PreparedAsync(assignment.Job, cancellationToken).ConfigureAwait(false);
        var (step, index) = (assignment.Task.Step, assignment.Task.Index);
        var window = job.Plan.Segments.WindowAt(step, index);
        using var tokens = await LoadTokensAsync(job, window, cancellationToken).ConfigureAwait(false);
        var denoising = job.Denoising(tokens);
        using var latents = await LoadLatentsAsync(assignment, job, denoising, cancellationToken).ConfigureAwait(false);
        var buffers = new WindowBuffers(window.Length, latents.ValuesPerFrame, tokens.ValuesPerFrame);
        denoising.Gather(window, latents, buffers);
        var stage = new WindowStep(job.Model.WindowDenoiser, denoising.Conditioning);
        await threads.RunAsync(() => stage.Run(denoising.StepAt(step), window, buffers, cancellationToken)).ConfigureAwait(false);
        var result = TensorArtifact.Write(new FloatTensor(new TensorShape(window.Length, latents.ValuesPerFrame), buffers.Latents));
        return new TaskOutcome(await store.KeepAsync(assignment.ResultKey, result, cancellationToken).ConfigureAwait(false));
    }

    private async Task<GroupedTokens> LoadTokensAsync(PreparedJob job, FrameWindow window, CancellationToken cancellationToken)
    {
        var length = job.Specification.Settings.MotionGroupLength;
        var groups = window.Frames(job.Plan.Segments.FrameCount).Select(frame => job.Plan.Padding.SourceOf(frame).Frame / length).Distinct().ToArray();
        var loaded = await Task.WhenAll(groups.Select(group => memory.TokensAsync(job.Preparation.Motion, group, cancellationToken))).ConfigureAwait(false);
        return new GroupedTokens(job.Preparation.FrameCount, length, groups.Zip(loaded).ToDictionary(pair => pair.First, pair => pair.Second));
    }

    private async Task<IFrameStore> LoadLatentsAsync(
        TaskAssignment assignment, PreparedJob job, DenoisingJob denoising, CancellationToken cancellationToken)
    {
        var (step, index) = (assignment.Task.Step, assignment.Task.Index);
        return step == 0
            ? new InitialLatents(denoising)
            : await reader.ReadAsync(
                assignment, job.Plan.Segments, job.Plan.Segments.SegmentsOf(step, index), step - 1, cancellationToken).ConfigureAwait(false);
    }
}
