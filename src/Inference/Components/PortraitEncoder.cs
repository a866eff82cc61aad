using System.Numerics.Tensors;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Inference.Components;

/// <summary>Portrait → conditioning with a model's networks (SPEC §4, §6, §9.4).</summary>
/// <param name="networks">The model's networks.</param>
/// <param name="geometry">The model's sizes.</param>
public sealed class PortraitEncoder(INetworkSet networks, ModelGeometry geometry) : IPortraitEncoder
{
    /// <inheritdoc/>
    public PortraitConditioning Encode(PortraitCrops crops, CancellationToken cancellationToken) =>
        Encode(crops.Reference, crops.EncoderImage, EmbedIdentity(crops.ArcFaceImage, cancellationToken), cancellationToken);

    /// <summary>Encodes with an identity embedding that is already known.</summary>
    /// <param name="reference">In [−1, 1], <c>[1, 3, height, width]</c>.</param>
    /// <param name="encoderImage">Normalised, <c>[1, 3, S, S]</c>.</param>
    /// <param name="identity">Of unit length or zero, <c>[1, identityWidth]</c>.</param>
    /// <param name="cancellationToken">Stops between networks.</param>
    public PortraitConditioning Encode(FloatTensor reference, FloatTensor encoderImage, FloatTensor identity, CancellationToken cancellationToken)
    {
        var embeddings = networks[NetworkNames.ImageEncoder].RunFor(
            new Dictionary<string, FloatTensor> { ["image"] = encoderImage, ["id_features"] = identity.Reshape(1, 1, geometry.IdentityWidth) },
            "output", 1, cancellationToken);
        var tokens = networks[NetworkNames.ImageProjection].RunFor(
            new Dictionary<string, FloatTensor> { ["input"] = embeddings }, "output", 1, cancellationToken);
        var latents = networks[NetworkNames.VaeEncoder].RunFor(
            new Dictionary<string, FloatTensor> { ["image"] = reference }, "latent_mode", 1, cancellationToken);
        // The pose image of every frame is black (SPEC §6).
        var pose = networks[NetworkNames.PoseGuider].RunFor(
            new Dictionary<string, FloatTensor> { ["image"] = FloatTensor.Zeros(1, 3, geometry.Height, geometry.Width) }, "output", 1, cancellationToken);
        var firstLayer = networks[NetworkNames.UNetFirstLayer].RunFor(
            new Dictionary<string, FloatTensor> { ["image_latents"] = latents, ["pose_features"] = pose }, "first_layer", 1, cancellationToken);
        return new PortraitConditioning(tokens, latents, firstLayer);
    }

    /// <summary>ArcFace's embedding of unit length; zero without a picture or without the network (SPEC §3.2 step 7).</summary>
    private FloatTensor EmbedIdentity(FloatTensor? arcFaceImage, CancellationToken cancellationToken)
    {
        if (arcFaceImage is null || !networks.Contains(NetworkNames.ArcFace))
            return FloatTensor.Zeros(1, geometry.IdentityWidth);
        var network = networks[NetworkNames.ArcFace];
        var embedding = network.RunFor(
            new Dictionary<string, FloatTensor> { [network.Inputs.Keys.First()] = arcFaceImage }, network.Outputs.Keys.First(), 1, cancellationToken);
        TensorPrimitives.Divide(embedding.Values, TensorPrimitives.Norm<float>(embedding.Values), embedding.Values);
        return embedding;
    }
}
