using System.Buffers;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Media.Faces.Detection;

/// <summary>Runs a face network, which has one square picture as its input and one output, on a region of a picture.</summary>
internal static class FaceNetworkRun
{
    public static void Run(INetwork network, RgbImage image, Box region, FloatTensor output)
    {
        var (inputName, shape) = network.Inputs.Single();
        var size = shape[^1];
        var length = RgbImage.Channels * size * size;
        var pixels = ArrayPool<float>.Shared.Rent(length);
        try
        {
            RegionSampler.Sample(image, region, size, pixels.AsSpan(0, length));
            var input = new FloatTensor(new TensorShape(1, RgbImage.Channels, size, size), pixels.AsMemory(0, length));
            network.Run(
                new Dictionary<string, FloatTensor> { [inputName] = input },
                new Dictionary<string, FloatTensor> { [network.Outputs.Keys.Single()] = output });
        }
        finally
        {
            ArrayPool<float>.Shared.Return(pixels);
        }
    }
}
