using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>
/// Latents → pictures, chunk by chunk (SPEC §8, §10). The picture that is yielded is overwritten by the next one.
/// </summary>
/// <param name="decoder">Latents → pictures.</param>
/// <param name="background">The whole portrait and the face's place in it; null for the face alone.</param>
/// <param name="width">What the face alone is scaled to; null leaves it as it is.</param>
internal sealed class DecodeStage(ChunkDecoder decoder, Background? background, int? width = null)
{
    private readonly Composition composition = new(background, width);

    /// <summary>The pictures of the chunks' kept frames, in order.</summary>
    public IEnumerable<RgbImage> Frames(IReadOnlyList<DecodeChunk> chunks, CancellationToken cancellationToken) =>
        chunks.SelectMany(chunk => decoder.Decode(chunk, cancellationToken)).Select(composition.Of);
}
