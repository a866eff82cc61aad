using HunyuanPortrait.Rendering.Jobs;
using HunyuanPortrait.Rendering.Progress;
using HunyuanPortrait.Rendering.Reports;
using HunyuanPortrait.Rendering.Requests;
using HunyuanPortrait.Rendering.Stages;

namespace HunyuanPortrait.Rendering;

/// <summary>One clip as a job of a cluster in this process: the frames, refusals and reports of <see cref="Renderer"/>, from the parts of the cluster.</summary>
/// <param name="clock">Times the stages.</param>
/// <param name="start">Starts the cluster.</param>
public sealed class ClusterRenderer(TimeProvider clock, StartLocalCluster start)
{
    /// <summary>
    /// Renders. The output appears when it is complete; a run that ends otherwise leaves nothing, but for a store that the request names: a run with
    /// the same request goes on where it was.
    /// </summary>
    /// <param name="request">What to render.</param>
    /// <param name="progress">Called in order; null for nobody.</param>
    /// <param name="cancellationToken">Interrupts at once, in the middle of a network too.</param>
    /// <exception cref="Core.Errors.RenderException">The inputs, the settings, the model, the store or the output cannot be used.</exception>
    public Task<RenderReport> RenderAsync(
        RenderRequest request, IProgress<RenderProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => new ClusterRun(request, new StageClock(clock, progress), start).ExecuteAsync(cancellationToken), cancellationToken);
}
