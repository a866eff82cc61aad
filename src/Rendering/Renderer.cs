using HunyuanPortrait.Core.Denoising;
using HunyuanPortrait.Rendering.Progress;
using HunyuanPortrait.Rendering.Reports;
using HunyuanPortrait.Rendering.Requests;
using HunyuanPortrait.Rendering.Stages;

namespace HunyuanPortrait.Rendering;

/// <summary>
/// One clip, end to end, on one machine: probe, portrait, motion, denoise, decode. Memory does not grow with the clip. The cluster must give the
/// same frames for the same request.
/// </summary>
/// <param name="clock">Times the stages.</param>
public sealed class Renderer(TimeProvider clock)
{
    /// <summary>Sees the latents at work, for those who compare; null for nobody.</summary>
    public IDenoisingObserver? Observer { get; init; }

    /// <summary>Renders on a thread of its own. The output appears when it is complete; a run that ends otherwise leaves nothing.</summary>
    /// <param name="request">What to render.</param>
    /// <param name="progress">Called on the rendering thread, in order; null for nobody.</param>
    /// <param name="cancellationToken">Interrupts at once, in the middle of a network too.</param>
    /// <exception cref="Core.Errors.RenderException">The inputs, the settings, the model or the output cannot be used.</exception>
    public Task<RenderReport> RenderAsync(
        RenderRequest request, IProgress<RenderProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => new RenderRun(request, new StageClock(clock, progress), Observer).ExecuteAsync(cancellationToken), cancellationToken);
}
