using System.Collections.Immutable;
using System.Numerics.Tensors;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Core.Segments;

/// <summary>
/// Blends the frames of one segment at one step (SPEC §9.6): the sum of what the windows say, in window order, divided once. The same operations in
/// the same order as <see cref="Blending.WindowBlender"/>, so the bits are the same; memory is one segment, however long the clip is.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
public sealed class SegmentBlend
{
    private readonly SegmentPlan plan;
    private readonly int step;
    private readonly int segment;
    private readonly int valuesPerFrame;
    private readonly float[] sums;
    private readonly int[] contributions;
    private int added;

    /// <summary>Starts a segment's step.</summary>
    /// <param name="plan">The job's segments.</param>
    /// <param name="step">Executed step, counted from 0.</param>
    /// <param name="segment">Which segment.</param>
    /// <param name="valuesPerFrame">Floats of one frame's latents.</param>
    public SegmentBlend(SegmentPlan plan, int step, int segment, int valuesPerFrame)
    {
        this.plan = plan;
        this.step = step;
        this.segment = segment;
        this.valuesPerFrame = valuesPerFrame;
        Windows = plan.WindowsOf(step, segment);
        contributions = new int[plan.FramesOf(segment).Length];
        sums = new float[contributions.Length * valuesPerFrame];
    }

    /// <summary>The windows to add, in this order.</summary>
    public ImmutableArray<int> Windows { get; }

    /// <summary>Adds the next window.</summary>
    /// <param name="window">The next of <see cref="Windows"/>.</param>
    /// <param name="latents">Of all its frames in window order, <c>[windowLength, valuesPerFrame]</c>.</param>
    /// <exception cref="ArgumentException">It is not this window's turn, or the latents have another length.</exception>
    public void Add(int window, ReadOnlySpan<float> latents)
    {
        if (added == Windows.Length || Windows[added] != window)
            throw new ArgumentException($"Window {window} is not the next of segment {segment} at step {step}.", nameof(window));
        Elementwise.RequireLength(plan.Windows.Length * valuesPerFrame, latents.Length);
        var own = plan.FramesOf(segment);
        var frames = plan.WindowAt(step, window);
        for (var index = 0; index < frames.Length; index++)
        {
            var place = frames.FrameAt(index, plan.FrameCount) - own.Start;
            if ((uint)place >= (uint)own.Length)
                continue;
            var sum = sums.AsSpan(place * valuesPerFrame, valuesPerFrame);
            TensorPrimitives.Add(sum, latents.Slice(index * valuesPerFrame, valuesPerFrame), sum);
            contributions[place]++;
        }

        added++;
    }

    /// <summary>The blended latents of the segment's frames, <c>[frames, valuesPerFrame]</c>.</summary>
    /// <exception cref="InvalidOperationException">Windows are missing.</exception>
    public void CopyTo(Span<float> blended)
    {
        if (added != Windows.Length)
            throw new InvalidOperationException($"{Windows.Length - added} of {Windows.Length} windows are missing.");
        Elementwise.RequireLength(sums.Length, blended.Length);
        for (var place = 0; place < contributions.Length; place++)
        {
            var range = new Range(place * valuesPerFrame, (place + 1) * valuesPerFrame);
            TensorPrimitives.Divide(sums.AsSpan(range), contributions[place], blended[range]);
        }
    }
}
