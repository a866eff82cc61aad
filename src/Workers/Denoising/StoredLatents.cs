using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Workers.Artifacts;

namespace HunyuanPortrait.Workers.Denoising;

/// <summary>The latents of some segments after a step, read from their artifacts. Only frames of those segments can be read.</summary>
internal sealed class StoredLatents : IFrameStore
{
    private readonly SegmentPlan plan;
    private readonly Dictionary<int, FloatTensor> segments;

    private StoredLatents(SegmentPlan plan, Dictionary<int, FloatTensor> segments) => (this.plan, this.segments) = (plan, segments);

    public int FrameCount => plan.FrameCount;

    public int ValuesPerFrame => segments.Values.First().Shape[1];

    /// <exception cref="Core.Errors.RenderException">HP5202, HP5203: a segment's latents are missing or damaged.</exception>
    public static async Task<StoredLatents> LoadAsync(
        IArtifactStore store, string job, SegmentPlan plan, IEnumerable<int> segments, int step, CancellationToken cancellationToken)
    {
        var loaded = await Task.WhenAll(segments.Select(async segment =>
        {
            var key = ArtifactKeys.Latents(job, segment, step);
            var tensor = TensorArtifact.Read(key, await store.ReadAllAsync(key, cancellationToken).ConfigureAwait(false))[0];
            return tensor.Shape.Rank == 2 && tensor.Shape[0] == plan.FramesOf(segment).Length
                ? (segment, tensor)
                : throw ExecutionErrors.DamagedArtifact(key.Value, $"it holds {tensor.Shape} instead of {plan.FramesOf(segment).Length} frames");
        })).ConfigureAwait(false);
        return new StoredLatents(plan, loaded.ToDictionary(pair => pair.segment, pair => pair.tensor));
    }

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
