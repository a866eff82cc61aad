using HunyuanPortrait.Core.Blending;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Options;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Core.Denoising;

/// <summary>
/// The whole sampler on one machine (SPEC §9). Memory does not grow with the clip: two stores hold the latents before and after the current step,
/// and the blender holds the frames around the current window.
/// </summary>
/// <param name="denoiser">The guided UNet.</param>
/// <param name="stores">Creates the stores of the latents.</param>
public sealed class DenoisingLoop(IWindowDenoiser denoiser, IFrameStoreFactory stores)
{
    /// <summary>Where to report after every window; null for nowhere.</summary>
    public IProgress<DenoisingProgress>? Progress { get; init; }

    /// <summary>Who watches; null for nobody.</summary>
    public IDenoisingObserver? Observer { get; init; }

    /// <summary>Denoises a clip.</summary>
    /// <returns>The final latents of all padded frames, still multiplied by the scaling factor. The caller disposes the store.</returns>
    /// <exception cref="Errors.RenderException">HP3001: the windows do not fit the model; HP5101: latents are no longer numbers.</exception>
    public IFrameStore Run(DenoisingJob job, CancellationToken cancellationToken = default)
    {
        RequireFit(job);
        var latentValues = job.Conditioning.ReferenceLatents.Values.Length;
        var frameCount = job.Padding.PaddedCount;
        var current = stores.Create("latents-0", frameCount, latentValues);
        IFrameStore? next = null;
        try
        {
            next = stores.Create("latents-1", frameCount, latentValues);
            var buffers = new WindowBuffers(job.Windows.Length, latentValues, job.MotionTokens.ValuesPerFrame);
            InitialLatents.Write(job, current);
            Observer?.Started(current);
            for (var step = 0; step < job.Schedule.StepCount; step++)
            {
                RunStep(job, step, new StepStores(current, next), buffers, cancellationToken);
                (current, next) = (next, current);
                Observer?.StepCompleted(step, current);
            }

            next.Dispose();
            return current;
        }
        catch
        {
            current.Dispose();
            next?.Dispose();
            throw;
        }
    }

    private void RunStep(DenoisingJob job, int index, StepStores latents, WindowBuffers buffers, CancellationToken cancellationToken)
    {
        var step = job.StepAt(index);
        var windowStep = new WindowStep(denoiser, job.Conditioning);
        var plan = new BlendPlan(WindowPlanner.Plan(latents.Current.FrameCount, job.Windows, index), latents.Current.FrameCount);
        using var blender = new WindowBlender(plan, latents.Next);
        for (var window = 0; window < plan.Windows.Length; window++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            job.Gather(plan.Windows[window], latents.Current, buffers);
            windowStep.Run(step, plan.Windows[window], buffers, cancellationToken);
            Observer?.WindowCompleted(index, window, buffers);
            blender.Add(window, buffers.Latents.Span);
            Progress?.Report(new DenoisingProgress(index + 1, job.Schedule.StepCount, window + 1, plan.Windows.Length));
        }
    }

    private void RequireFit(DenoisingJob job)
    {
        OptionErrors.ThrowIfAny(SettingsRules.Failures(job.Windows));
        if (job.Windows.Length != denoiser.WindowLength)
            throw OptionErrors.Invalid([$"windows.length ({job.Windows.Length}) must be the model's window length ({denoiser.WindowLength})"]);
        if (job.Guidance.StepCount != job.Schedule.StepCount)
            throw new ArgumentException($"Guidance has {job.Guidance.StepCount} steps, the schedule {job.Schedule.StepCount}.", nameof(job));
        if (job.PaddingFrames < 0)
            throw OptionErrors.Invalid([$"paddingFrames ({job.PaddingFrames}) must not be negative"]);
    }

    /// <summary>All windows of a step read one store and are blended into the other.</summary>
    private readonly record struct StepStores(IFrameStore Current, IFrameStore Next);
}
