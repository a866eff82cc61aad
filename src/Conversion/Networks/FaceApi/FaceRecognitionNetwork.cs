using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.FaceApi;

/// <summary>
/// face-api's recognition network, a ResNet-34 with 128 outputs: <c>faces [N, 3, 150, 150]</c>, RGB in [0, 255] → <c>descriptor [N, 128]</c>. Two pictures
/// of one person are less than about 0.6 apart (Euclidean). N is free.
/// </summary>
public static class FaceRecognitionNetwork
{
    /// <summary>Name of the published weights.</summary>
    public const string WeightsName = "face_recognition_model";

    /// <summary>Side of the input.</summary>
    public const int Size = 150;

    private static readonly (int Channels, int Blocks)[] Stages = [(32, 3), (64, 3), (128, 2), (256, 2)];

    /// <summary>Describes the network.</summary>
    public static GraphBuilder Build(FaceApiWeights weights)
    {
        var graph = new GraphBuilder("face-recognition");
        var layers = new FaceApiLayers(graph, weights);
        var x = layers.Normalise(graph.Input("faces", Value.Free, 3, Size, Size), 122.782f, 117.001f, 104.298f);
        x = layers.Relu(Layer(layers, x, "conv32_down", new ConvShape(32, 7, Stride: 2, KeepsSize: false)));
        x = graph.MaxPool(x, 3, ConvGeometry.Square(0, 2));
        foreach (var (channels, blocks) in Stages)
        {
            if (channels != x[1])
                x = ResidualDown(graph, layers, x, $"conv{channels}_down", channels);
            for (var block = 1; block <= blocks; block++)
                x = Residual(graph, layers, x, $"conv{channels}_{block}");
        }

        x = ResidualDown(graph, layers, x, "conv256_down_out", 256);
        graph.Output("descriptor", layers.FullyConnected(graph.ReduceMean(x, [2, 3], keepDims: false), "fc", null, 128));
        weights.RequireAllUsed();
        return graph;
    }

    private static Value Layer(FaceApiLayers layers, Value x, string name, ConvShape shape) =>
        layers.Scale(layers.Conv(x, $"{name}/conv/filters", $"{name}/conv/bias", shape), $"{name}/scale");

    private static Value Residual(GraphBuilder graph, FaceApiLayers layers, Value x, string name)
    {
        var y = layers.Relu(Layer(layers, x, $"{name}/conv1", new ConvShape(x[1], 3)));
        return layers.Relu(graph.Add(Layer(layers, y, $"{name}/conv2", new ConvShape(x[1], 3)), x));
    }

    // Halves the size. The shortcut is pooled; the smaller of the two is padded with zeros at its end, in channels as in size.
    private static Value ResidualDown(GraphBuilder graph, FaceApiLayers layers, Value x, string name, int channels)
    {
        var y = layers.Relu(Layer(layers, x, $"{name}/conv1", new ConvShape(channels, 3, Stride: 2, KeepsSize: false)));
        y = Layer(layers, y, $"{name}/conv2", new ConvShape(channels, 3));
        var shortcut = layers.AveragePool(x, kernel: 2, stride: 2);
        return layers.Relu(graph.Add(
            PadEnd(graph, shortcut, channels, shortcut[2]),
            PadEnd(graph, y, channels, shortcut[2])));
    }

    private static Value PadEnd(GraphBuilder graph, Value x, int channels, int size) => x[1] == channels && x[2] == size
        ? x
        : graph.Node("Pad", [x[0], channels, size, size], [x, graph.Integers(0, 0, 0, 0, 0, channels - x[1], size - x[2], size - x[3])]);
}
