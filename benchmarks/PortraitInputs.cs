using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Benchmarks;

/// <summary>Random numbers in place of what the encoders would say about a portrait.</summary>
/// <param name="ImageTokens"><c>[1, N, D]</c>.</param>
/// <param name="ImageLatents"><c>[1, 4, h, w]</c>, unscaled.</param>
/// <param name="PoseFeatures"><c>[C, h, w]</c>.</param>
internal sealed record PortraitInputs(FloatTensor ImageTokens, FloatTensor ImageLatents, FloatTensor PoseFeatures)
{
    public static PortraitInputs Random()
    {
        var (unet, size) = (Workbench.Architecture.UNet, Workbench.LatentSize);
        return new PortraitInputs(
            Workbench.Random("image_tokens", 1.7, 1, Workbench.Architecture.ImageProjection.OutFeatures, unet.CrossAttentionDim),
            Workbench.Random("image_latents", 1.7, 1, Workbench.Architecture.Vae.LatentChannels, size, size),
            Workbench.Random("pose_features", 0.8, unet.BlockOutChannels[0], size, size));
    }

    /// <summary>Motion tokens <c>[frames, N, D]</c>.</summary>
    public static FloatTensor RandomMotion(int frames) =>
        Workbench.Random("motion_tokens", 1.7, frames, Workbench.Architecture.MotionRefiner.NumQueries, Workbench.Architecture.UNet.CrossAttentionDim);

    /// <summary>What the product computes once per job.</summary>
    public PortraitConditioning Encode(Workbench workbench)
    {
        var (channels, size) = (PoseFeatures.Shape[0], Workbench.LatentSize);
        var firstLayer = FloatTensor.Zeros(3, channels, size, size);
        using var network = workbench.LoadPortable(NetworkNames.UNetFirstLayer);
        network.Run(
            new Dictionary<string, FloatTensor> { ["image_latents"] = ImageLatents, ["pose_features"] = PoseFeatures.Reshape(1, channels, size, size) },
            new Dictionary<string, FloatTensor> { ["first_layer"] = firstLayer });
        return new PortraitConditioning(ImageTokens, ImageLatents, firstLayer);
    }

    /// <summary>By the names that <c>training/bench_networks.py</c> knows.</summary>
    public Dictionary<string, FloatTensor> Named(FloatTensor motionTokens) => new()
    {
        ["image_tokens"] = ImageTokens,
        ["motion_tokens"] = motionTokens,
        ["image_latents"] = ImageLatents,
        ["pose_features"] = PoseFeatures,
    };
}
