using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.UNet;

/// <summary>
/// What the UNet's first convolution adds for the constants of a job: image latents, bias and pose features.
/// <c>image_latents [1,4,h,w]</c>, <c>pose_features [1,channels,h,w]</c> → <c>first_layer [3,channels,h,w]</c> (uncond, drop, cond). Convolution is linear
/// in its input channels, so the sum with the noisy latents' share is exact but for rounding.
/// </summary>
public static class UNetFirstLayerGraph
{
    /// <summary>Writes the network into the dialect's graph.</summary>
    public static void Build(Dialect dialect, UNetConfiguration configuration, int height, int width)
    {
        var graph = dialect.Graph;
        var (channels, latents) = (configuration.BlockOutChannels[0], configuration.OutChannels);
        var image = dialect.Input("image_latents", 1, configuration.InChannels - latents, height, width);
        var pose = dialect.Input("pose_features", 1, channels, height, width);
        var weight = dialect.Weights.Get(graph, "conv_in.weight", channels, configuration.InChannels, 3, 3);
        var bias = graph.Reshape(dialect.Weights.Get(graph, "conv_in.bias", channels), 1, channels, 1, 1);
        var uncond = graph.Add(pose, bias);
        var share = graph.Conv(image, graph.Slice(weight, 1, latents, configuration.InChannels), null, ConvGeometry.Square(1));
        var conditioned = graph.Add(share, uncond);
        dialect.Output("first_layer", graph.Concat(0, uncond, conditioned, conditioned));
    }
}
