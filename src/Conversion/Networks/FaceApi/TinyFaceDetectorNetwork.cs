using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.FaceApi;

/// <summary>
/// face-api's tiny face detector, a small YOLOv2: <c>image [1, 3, S, S]</c>, RGB in [0, 255] → <c>cells [1, 25, S/32, S/32]</c>; a cell has, for each of
/// five anchors, x, y, log width, log height and score, all before their sigmoid or exponential.
/// </summary>
public static class TinyFaceDetectorNetwork
{
    /// <summary>Name of the published weights.</summary>
    public const string WeightsName = "tiny_face_detector_model";

    private static readonly int[] Channels = [32, 64, 128, 256, 512];

    /// <summary>Describes the network.</summary>
    /// <param name="weights">The published weights.</param>
    /// <param name="size">S, a multiple of 32.</param>
    public static GraphBuilder Build(FaceApiWeights weights, int size)
    {
        if (size < 32 || size % 32 != 0)
            throw new ArgumentOutOfRangeException(nameof(size), size, "The detector's input side is a multiple of 32.");
        var graph = new GraphBuilder("tiny-face-detector");
        var layers = new FaceApiLayers(graph, weights);
        var x = layers.Normalise(graph.Input("image", 1, 3, size, size), 117.001f, 114.697f, 97.404f);
        x = layers.LeakyRelu(layers.Conv(x, "conv0/filters", "conv0/bias", new ConvShape(16, 3, KeepsSize: false)));
        x = layers.MaxPool(x, stride: 2);
        for (var i = 0; i < Channels.Length; i++)
        {
            x = layers.LeakyRelu(layers.SeparableConv(x, $"conv{i + 1}", Channels[i]));
            x = layers.MaxPool(x, stride: i == Channels.Length - 1 ? 1 : 2);
        }

        graph.Output("cells", layers.Conv(x, "conv8/filters", "conv8/bias", new ConvShape(25, 1)));
        weights.RequireAllUsed();
        return graph;
    }
}
