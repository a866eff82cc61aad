using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Core.Encoding;

/// <summary>The three pictures that SPEC §3.2 cuts from a portrait.</summary>
/// <param name="Reference">The square crop in [−1, 1], <c>[1, 3, height, width]</c>.</param>
/// <param name="EncoderImage">The crop at the image encoder's size, ImageNet-normalised, <c>[1, 3, 224, 224]</c>.</param>
/// <param name="ArcFaceImage">The aligned face in [0, 1], <c>[1, 3, 112, 112]</c>; null means a zero identity embedding.</param>
public sealed record PortraitCrops(FloatTensor Reference, FloatTensor EncoderImage, FloatTensor? ArcFaceImage);

/// <summary>Everything that is constant during a job and computed once from the portrait.</summary>
/// <param name="ImageTokens">Projected image embeddings, <c>[1, imageTokens, tokenWidth]</c>.</param>
/// <param name="ReferenceLatents">Mode of VAE(reference), without the scaling factor, <c>[1, 4, h, w]</c> (SPEC §9.4).</param>
/// <param name="FirstLayer">
/// What the UNet's first convolution adds for image latents, bias and pose features, per guidance branch (uncond, drop, cond):
/// <c>[3, channels, h, w]</c>. Constant over steps and frames, because the pose image is black (SPEC §6).
/// </param>
public sealed record PortraitConditioning(FloatTensor ImageTokens, FloatTensor ReferenceLatents, FloatTensor FirstLayer);

/// <summary>Portrait → conditioning (SPEC §4, §6, §9.4).</summary>
public interface IPortraitEncoder
{
    /// <summary>Encodes the crops of one portrait.</summary>
    PortraitConditioning Encode(PortraitCrops crops, CancellationToken cancellationToken);
}

/// <summary>Driving frames → motion tokens (SPEC §5).</summary>
public interface IMotionEncoder
{
    /// <summary>Most frames that share one pair of intensity ids (25 officially, SPEC §5.4).</summary>
    int GroupLength { get; }

    /// <summary>Tokens per frame.</summary>
    int TokenCount { get; }

    /// <summary>Floats per token.</summary>
    int TokenWidth { get; }

    /// <summary>Encodes one group of 1 … <see cref="GroupLength"/> frames.</summary>
    /// <param name="faceCrops">Expression crops in [0, 1], <c>[T, 3, 256, 256]</c>.</param>
    /// <param name="headCrops">Head-pose crops in [0, 1], <c>[T, 3, 256, 256]</c>.</param>
    /// <param name="intensity">The group's intensity ids, 0 … 127.</param>
    /// <param name="tokens">Receives <c>[T, TokenCount, TokenWidth]</c>.</param>
    /// <param name="cancellationToken">Stops between networks.</param>
    void Encode(FloatTensor faceCrops, FloatTensor headCrops, MotionIntensity intensity, Span<float> tokens, CancellationToken cancellationToken);
}

/// <summary>How strongly head and expression move within a motion group; each id 0 … 127 (SPEC §3.4).</summary>
public readonly record struct MotionIntensity(int Head, int Expression);
