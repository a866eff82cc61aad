using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.PasteBack;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>
/// Latents → pictures, chunk by chunk (SPEC §8, §10). The picture that is yielded is overwritten by the next one.
/// </summary>
internal sealed class DecodeStage
{
    private readonly ChunkDecoder decoder;
    private readonly PasteBackComposer? composer;
    private readonly RgbImage? composed;

    /// <param name="decoder">Latents → pictures.</param>
    /// <param name="background">The whole portrait and the face's place in it; null for the face alone.</param>
    public DecodeStage(ChunkDecoder decoder, Background? background)
    {
        this.decoder = decoder;
        if (background is null)
            return;
        composer = new PasteBackComposer(background.Portrait, background.Place);
        composed = RgbImage.Black(background.Portrait.Width, background.Portrait.Height);
    }

    /// <summary>The pictures of the chunks' kept frames, in order.</summary>
    public IEnumerable<RgbImage> Frames(IReadOnlyList<DecodeChunk> chunks, CancellationToken cancellationToken) =>
        chunks.SelectMany(chunk => decoder.Decode(chunk, cancellationToken)).Select(Compose);

    private RgbImage Compose(RgbImage generated)
    {
        if (composed is null)
            return generated;
        composer!.Compose(generated, composed);
        return composed;
    }
}

/// <summary>Where the generated face is pasted back.</summary>
internal sealed record Background(RgbImage Portrait, Core.Geometry.PixelRegion Place);
