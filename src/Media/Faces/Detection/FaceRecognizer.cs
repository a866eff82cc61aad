using System.Numerics.Tensors;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Media.Faces.Detection;

/// <summary>
/// Describes whose face it is, with the recognition network of <see cref="FaceNetworkFiles"/>: a measure of how well a rendered face keeps the
/// portrait's identity. It takes no part in rendering.
/// </summary>
public sealed class FaceRecognizer : IDisposable
{
    /// <summary>Length of a descriptor.</summary>
    public const int DescriptorLength = 128;

    // How the network's authors frame a face: the points' extent, a fifth larger.
    private const double Margin = 1.2;

    private readonly INetwork network;

    /// <summary>Takes over the network.</summary>
    public FaceRecognizer(INetwork network) => this.network = network;

    /// <summary>Loads the network from its folder.</summary>
    public static FaceRecognizer Load(INetworkLoader loader, string folder) => new(
        loader.Load(NetworkSource.FromFile(Path.GetFileNameWithoutExtension(FaceNetworkFiles.Recognition), Path.Combine(folder, FaceNetworkFiles.Recognition))));

    /// <summary>The descriptor of one face in a picture, <see cref="DescriptorLength"/> floats.</summary>
    public float[] Describe(RgbImage image, FaceShape face)
    {
        var descriptor = new float[DescriptorLength];
        FaceNetworkRun.Run(network, image, face.Extent.SquareAround(Margin), new FloatTensor(new TensorShape(1, DescriptorLength), descriptor));
        return descriptor;
    }

    /// <summary>Euclidean distance of two descriptors: below about 0.6 they are likely of one person.</summary>
    public static double Distance(ReadOnlySpan<float> first, ReadOnlySpan<float> second) => TensorPrimitives.Distance(first, second);

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();
}
