using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Segments;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Workers.Artifacts;

namespace HunyuanPortrait.Workers.Denoising;

/// <summary>Blends a segment from the artifacts of its windows, one window in memory at a time.</summary>
/// <param name="store">Windows and latents.</param>
public sealed class SegmentBlender(IArtifactStore store) : ISegmentBlender
{
    /// <inheritdoc/>
    public async Task<CreateOutcome> BlendAsync(
        string job, SegmentPlan plan, SegmentLatents place, IReadOnlyCollection<WindowResult> windows, CancellationToken cancellationToken)
    {
        SegmentBlend? blend = null;
        var values = 0;
        foreach (var window in windows.OrderBy(window => window.Window))
        {
            var latents = await ReadAsync(window, plan.Windows.Length, cancellationToken).ConfigureAwait(false);
            values = latents.Shape[1];
            blend ??= new SegmentBlend(plan, place.Step, place.Segment, values);
            blend.Add(window.Window, latents.Values);
        }

        var blended = FloatTensor.Zeros(plan.FramesOf(place.Segment).Length, values);
        (blend ?? throw new ArgumentException("A segment is blended from at least one window.", nameof(windows))).CopyTo(blended.Values);
        return await store.CreateAsync(
            ArtifactKeys.Latents(job, place.Segment, place.Step), TensorArtifact.Write(blended), cancellationToken).ConfigureAwait(false);
    }

    private async Task<FloatTensor> ReadAsync(WindowResult window, int length, CancellationToken cancellationToken)
    {
        var (key, expected) = (ArtifactKey.Parse(window.Result.Key), window.Result.Sha256);
        var content = await store.ReadAllAsync(key, cancellationToken).ConfigureAwait(false);
        var sha256 = StoredArtifacts.Hash(content);
        if (sha256 != expected)
            throw ExecutionErrors.DamagedArtifact(key.Value, $"its SHA-256 is {sha256}, its writer said {expected}");
        var latents = TensorArtifact.Read(key, content)[0];
        return latents.Shape.Rank == 2 && latents.Shape[0] == length
            ? latents
            : throw ExecutionErrors.DamagedArtifact(key.Value, $"it holds {latents.Shape} instead of {length} frames");
    }
}
