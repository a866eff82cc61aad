using System.Buffers;
using System.Numerics.Tensors;
using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Inference.Components;

/// <summary>The temporal VAE decoder with a model's networks (SPEC §8).</summary>
/// <param name="networks">The model's networks.</param>
/// <param name="geometry">The model's sizes.</param>
public sealed class FrameDecoder(INetworkSet networks, ModelGeometry geometry) : IFrameDecoder
{
    /// <inheritdoc/>
    public void Decode(ReadOnlyMemory<float> latents, int frameCount, Span<float> pixels, CancellationToken cancellationToken)
    {
        var unscaled = FloatTensor.Zeros(frameCount, geometry.LatentChannels, geometry.LatentHeight, geometry.LatentWidth);
        TensorPrimitives.Multiply(latents.Span, 1f / geometry.LatentScalingFactor, unscaled.Values);
        var buffer = ArrayPool<float>.Shared.Rent(pixels.Length);
        try
        {
            var frames = new FloatTensor(new TensorShape(frameCount, 3, geometry.Height, geometry.Width), buffer.AsMemory(0, pixels.Length));
            networks[NetworkNames.VaeDecoder].Run(
                new Dictionary<string, FloatTensor> { ["latents"] = unscaled }, new Dictionary<string, FloatTensor> { ["frames"] = frames }, cancellationToken);
            frames.Values.CopyTo(pixels);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }
}
