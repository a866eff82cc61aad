using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.FaceApi;

/// <summary>
/// face-api's 68-point landmark network: <c>faces [N, 3, 112, 112]</c>, RGB in [0, 255] → <c>landmarks [N, 136]</c>, x and y in turn as fractions of the
/// input's side. N is free.
/// </summary>
public static class FaceLandmarkNetwork
{
    /// <summary>Name of the published weights.</summary>
    public const string WeightsName = "face_landmark_68_model";

    /// <summary>Side of the input.</summary>
    public const int Size = 112;

    private static readonly int[] Channels = [32, 64, 128, 256];

    /// <summary>Describes the network.</summary>
    public static GraphBuilder Build(FaceApiWeights weights)
    {
        var graph = new GraphBuilder("face-landmarks");
        var layers = new FaceApiLayers(graph, weights);
        var x = layers.Normalise(graph.Input("faces", Value.Free, 3, Size, Size), 122.782f, 117.001f, 104.298f);
        for (var block = 0; block < Channels.Length; block++)
            x = DenseBlock(graph, layers, x, block);
        x = layers.AveragePool(x, kernel: 7, stride: 2);
        x = graph.Reshape(x, Value.Free, Channels[^1]);
        graph.Output("landmarks", layers.FullyConnected(x, "fc/weights", "fc/bias", 136));
        weights.RequireAllUsed();
        return graph;
    }

    // Every convolution sees the sum of all before it.
    private static Value DenseBlock(GraphBuilder graph, FaceApiLayers layers, Value x, int block)
    {
        var channels = Channels[block];
        var sum = layers.Relu(block == 0
            ? layers.Conv(x, "dense0/conv0/filters", "dense0/conv0/bias", new ConvShape(channels, 3, Stride: 2))
            : layers.SeparableConv(x, $"dense{block}/conv0", channels, stride: 2));
        var input = sum;
        for (var i = 1; i < 4; i++)
        {
            sum = graph.Add(sum, layers.SeparableConv(input, $"dense{block}/conv{i}", channels));
            input = layers.Relu(sum);
        }

        return input;
    }
}
