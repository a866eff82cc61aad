using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Leases;
using HunyuanPortrait.Core.Segments;

namespace HunyuanPortrait.Core.Execution;

/// <summary>The accepted result of one window.</summary>
/// <param name="Window">Its position in the step's plan.</param>
/// <param name="Result">Its latents after the step, before blending.</param>
public sealed record WindowResult(int Window, TaskResult Result);

/// <summary>Turns what windows say about a segment into its latents.</summary>
public interface ISegmentBlender
{
    /// <summary>Blends the frames of a segment in window order and stores them; a step that is stored already stays as it is.</summary>
    /// <param name="job">The job.</param>
    /// <param name="plan">Its segments.</param>
    /// <param name="place">Which segment, after which step.</param>
    /// <param name="windows">Exactly the windows that touch the segment at the step.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether this call stored them.</returns>
    /// <exception cref="ArgumentException">Other windows than the plan's.</exception>
    /// <exception cref="Errors.RenderException">HP5202, HP5203: a result is missing or damaged; HP4xxx: the store refuses.</exception>
    Task<CreateOutcome> BlendAsync(
        string job, SegmentPlan plan, SegmentLatents place, IReadOnlyCollection<WindowResult> windows, CancellationToken cancellationToken);
}
