using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Core.Blending;

/// <summary>
/// Blends the windows of one step into a store. Only frames that still wait for a window are in memory: with windows in plan order those around
/// the current window and those around the seam of the circle, however long the clip is.
/// </summary>
/// <remarks>Not safe for concurrent use. Windows may come in any order; the result has the same bits.</remarks>
public sealed class WindowBlender : IDisposable
{
    private readonly BlendPlan plan;
    private readonly IFrameStore destination;
    private readonly Dictionary<int, FrameAccumulator> open = [];
    private readonly float[] blended;
    private readonly bool[] added;
    private int framesLeft;

    /// <summary>Starts a step.</summary>
    /// <param name="plan">The step's plan.</param>
    /// <param name="destination">Receives every frame once, as soon as its windows are there.</param>
    public WindowBlender(BlendPlan plan, IFrameStore destination)
    {
        this.plan = plan;
        this.destination = destination;
        blended = new float[destination.ValuesPerFrame];
        added = new bool[plan.Windows.Length];
        framesLeft = plan.FrameCount;
    }

    /// <summary>Whether every frame has been written.</summary>
    public bool IsComplete => framesLeft == 0;

    /// <summary>How many frames are in memory.</summary>
    public int OpenFrames => open.Count;

    /// <summary>Takes the latents of one window.</summary>
    /// <param name="window">Its position in the plan.</param>
    /// <param name="latents">Of its frames in window order, <c>[windowLength, valuesPerFrame]</c>.</param>
    /// <returns>False when this window was there already; it is not counted twice.</returns>
    public bool Add(int window, ReadOnlySpan<float> latents)
    {
        Elementwise.RequireLength(plan.Windows[window].Length * blended.Length, latents.Length);
        if (added[window])
            return false;
        added[window] = true;
        for (var index = 0; index < plan.Windows[window].Length; index++)
            Add(new Contribution(window, index), latents.Slice(index * blended.Length, blended.Length));
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var accumulator in open.Values)
            accumulator.Dispose();
        open.Clear();
    }

    private void Add(Contribution contribution, ReadOnlySpan<float> values)
    {
        var frame = plan.Windows[contribution.Window].FrameAt(contribution.Index, plan.FrameCount);
        if (!open.TryGetValue(frame, out var accumulator))
            open.Add(frame, accumulator = new FrameAccumulator(plan.ContributionsTo(frame).Length, blended.Length));
        accumulator.Add(plan.OrdinalOf(contribution), values);
        if (!accumulator.IsComplete)
            return;
        accumulator.CopyMeanTo(blended);
        destination.Write(frame, blended);
        open.Remove(frame);
        accumulator.Dispose();
        framesLeft--;
    }
}
