namespace HunyuanPortrait.Core.Decoding;

/// <summary>The temporal VAE decoder (SPEC §8). A chunk's frames depend on each other, chunks do not.</summary>
public interface IFrameDecoder
{
    /// <summary>Decodes one chunk.</summary>
    /// <param name="latents">Denoised latents, still multiplied by the scaling factor, <c>[n, 4, h, w]</c>.</param>
    /// <param name="frameCount">n, the chunk's length.</param>
    /// <param name="pixels">Receives <c>[n, 3, 8h, 8w]</c>, nominally in [−1, 1], not clamped.</param>
    /// <param name="cancellationToken">Interrupts a running forward pass.</param>
    void Decode(ReadOnlyMemory<float> latents, int frameCount, Span<float> pixels, CancellationToken cancellationToken);
}
