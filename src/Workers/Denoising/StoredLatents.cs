using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Workers.Denoising;

/// <summary>The latents of some segments after a step, read from their artifacts. Only frames of those segments can be read.</summary>
internal sealed class StoredLatents : IFrameStore
{
    private readonly SegmentPlan plan;
    private readonly Dictionary<int, FloatTensor> segments;

    /// <param name="plan">Which frames a segment has.</param>
    /// <param name="segments">Latents by segment, <c>[frames, values]</c>; at least one.</param>
    public StoredLatents(SegmentPlan plan, Dictionary<int, FloatTensor> segments) => (this.plan, this.segments) = (plan, segments);

    public int FrameCount => plan.FrameCount;

    public int ValuesPerFrame => segments.Values.First().Shape[1];

    public void Read(int frame, Span<float> destination)
    {
        var segment = plan.SegmentOf(frame);
        var values = segments[segment];
        values.Values.Slice((frame - plan.FramesOf(segment).Start) * values.Shape[1], values.Shape[1]).CopyTo(destination);
    }

    public void Write(int frame, ReadOnlySpan<float> values) => throw new NotSupportedException("Stored latents do not change.");

    public void Dispose()
    {
    }
}
