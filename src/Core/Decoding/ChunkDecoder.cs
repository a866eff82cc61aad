using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Core.Decoding;

/// <summary>
/// Latents of one decode chunk → pictures (SPEC §8, §10). Keeps its buffers from chunk to chunk; not safe for concurrent use.
/// </summary>
public sealed class ChunkDecoder
{
    private readonly IFrameDecoder decoder;
    private readonly IFrameStore latents;
    private readonly float[] chunkLatents;
    private readonly float[] pixels;
    private readonly RgbImage picture;

    /// <summary>Allocates the buffers.</summary>
    /// <param name="decoder">The VAE decoder.</param>
    /// <param name="latents">Of the padded frames; only the chunks' frames are read.</param>
    /// <param name="model">For sizes.</param>
    /// <param name="chunkLength">Frames of the longest chunk.</param>
    public ChunkDecoder(IFrameDecoder decoder, IFrameStore latents, ModelGeometry model, int chunkLength)
    {
        (this.decoder, this.latents) = (decoder, latents);
        chunkLatents = new float[chunkLength * latents.ValuesPerFrame];
        picture = RgbImage.Black(model.Width, model.Height);
        pixels = new float[chunkLength * picture.Pixels.Length];
    }

    /// <summary>The pictures of the chunk's kept frames, in order. A picture is overwritten by the next one.</summary>
    /// <param name="chunk">Which frames.</param>
    /// <param name="cancellationToken">Interrupts a running forward pass.</param>
    public IEnumerable<RgbImage> Decode(DecodeChunk chunk, CancellationToken cancellationToken)
    {
        var (count, values, frameValues) = (chunk.Frames.Length, latents.ValuesPerFrame, picture.Pixels.Length);
        for (var i = 0; i < count; i++)
            latents.Read(chunk.Frames.Start + i, chunkLatents.AsSpan(i * values, values));
        decoder.Decode(chunkLatents.AsMemory(0, count * values), count, pixels.AsSpan(0, count * frameValues), cancellationToken);
        for (var i = 0; i < chunk.Kept.Length; i++)
        {
            PixelConversion.ToRgb(pixels.AsSpan((chunk.KeptOffset + i) * frameValues, frameValues), picture);
            yield return picture;
        }
    }
}
