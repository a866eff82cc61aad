using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.PasteBack;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>
/// Latents → pictures, chunk by chunk (SPEC §8, §10). The picture that is yielded is overwritten by the next one.
/// </summary>
internal sealed class DecodeStage
{
    private readonly IFrameDecoder decoder;
    private readonly IFrameStore latents;
    private readonly int chunkLength;
    private readonly RgbImage generated;
    private readonly PasteBackComposer? composer;
    private readonly RgbImage composed;

    /// <param name="decoder">The VAE decoder.</param>
    /// <param name="latents">Of all padded frames.</param>
    /// <param name="model">For sizes.</param>
    /// <param name="chunkLength">Frames per decoder call.</param>
    /// <param name="background">The whole portrait and the face's place in it; null for the face alone.</param>
    public DecodeStage(IFrameDecoder decoder, IFrameStore latents, ModelGeometry model, int chunkLength, Background? background)
    {
        (this.decoder, this.latents, this.chunkLength) = (decoder, latents, chunkLength);
        generated = RgbImage.Black(model.Width, model.Height);
        composer = background is null ? null : new PasteBackComposer(background.Portrait, background.Place);
        composed = background is null ? generated : RgbImage.Black(background.Portrait.Width, background.Portrait.Height);
    }

    /// <summary>The pictures of the chunks' kept frames, in order.</summary>
    public IEnumerable<RgbImage> Frames(IReadOnlyList<DecodeChunk> chunks, CancellationToken cancellationToken)
    {
        var values = latents.ValuesPerFrame;
        var chunkLatents = new float[chunkLength * values];
        var frameValues = RgbImage.Channels * generated.Width * generated.Height;
        var pixels = new float[chunkLength * frameValues];
        foreach (var chunk in chunks)
        {
            var count = chunk.Frames.Length;
            for (var i = 0; i < count; i++)
                latents.Read(chunk.Frames.Start + i, chunkLatents.AsSpan(i * values, values));
            decoder.Decode(chunkLatents.AsMemory(0, count * values), count, pixels.AsSpan(0, count * frameValues), cancellationToken);
            for (var i = 0; i < chunk.Kept.Length; i++)
                yield return Picture(pixels.AsSpan((chunk.KeptOffset + i) * frameValues, frameValues));
        }
    }

    private RgbImage Picture(ReadOnlySpan<float> decoded)
    {
        PixelConversion.ToRgb(decoded, generated);
        composer?.Compose(generated, composed);
        return composed;
    }
}

/// <summary>Where the generated face is pasted back.</summary>
internal sealed record Background(RgbImage Portrait, Core.Geometry.PixelRegion Place);
