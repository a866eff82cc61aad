using System.Collections.Immutable;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Frames;

namespace HunyuanPortrait.Core.Decoding;

/// <summary>One call of the VAE decoder.</summary>
/// <param name="Frames">Padded frames that are decoded together.</param>
/// <param name="Kept">Those of them that are not padding, at least one.</param>
public readonly record struct DecodeChunk(FrameRange Frames, FrameRange Kept)
{
    /// <summary>Position of the first kept frame in the chunk.</summary>
    public int KeptOffset => Kept.Start - Frames.Start;
}

/// <summary>Cuts the padded clip into decode chunks (SPEC §8).</summary>
public static class DecodePlan
{
    /// <summary>
    /// The chunks that hold frames of the clip, in order. The grid begins at padded frame 0, because its alignment changes the pictures; chunks that
    /// lie in the padding are left out, because no frame of one chunk depends on another chunk.
    /// </summary>
    /// <param name="padding">The clip and its padding.</param>
    /// <param name="chunkLength">Frames per call, at least 1.</param>
    public static ImmutableArray<DecodeChunk> Chunks(PaddingPlan padding, int chunkLength) =>
        [.. FrameRange.Cut(padding.PaddedCount, chunkLength)
            .Select(frames => new DecodeChunk(frames, frames.Intersect(padding.Kept)))
            .Where(chunk => chunk.Kept.Length > 0)];
}
