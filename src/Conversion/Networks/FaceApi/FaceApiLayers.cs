using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Conversion.Networks.FaceApi;

/// <summary>The layers that face-api's networks are made of. Values are NCHW; weights are permuted from TensorFlow's layouts.</summary>
internal sealed class FaceApiLayers(GraphBuilder graph, FaceApiWeights weights)
{
    // Tensors up to this length are stored as values: three nodes to unpack them would cost more than the bytes they save.
    private const int LargestPlainLength = 1024;

    /// <summary>Subtracts the mean colour from RGB in [0, 255] and divides by 255, as all of the networks do.</summary>
    public Value Normalise(Value image, float red, float green, float blue) =>
        graph.Mul(graph.Sub(image, graph.Constant("mean", [1, 3, 1, 1], [red, green, blue])), graph.Scalar(1f / 255f));

    /// <summary>A square convolution with bias.</summary>
    public Value Conv(Value x, string filters, string bias, ConvShape shape) => graph.Conv(
        x,
        Weight(weights.Get(filters, shape.Kernel, shape.Kernel, x[1], shape.Channels).Permute(3, 2, 0, 1)),
        Weight(weights.Get(bias, shape.Channels)),
        Geometry(x, shape));

    /// <summary>A 3×3 depthwise convolution and a 1×1 convolution with bias.</summary>
    public Value SeparableConv(Value x, string name, int channels, int stride = 1)
    {
        var depthwise = Weight(weights.Get($"{name}/depthwise_filter", 3, 3, x[1], 1).Permute(2, 3, 0, 1));
        var pointwise = Weight(weights.Get($"{name}/pointwise_filter", 1, 1, x[1], channels).Permute(3, 2, 0, 1));
        var spread = graph.Conv(x, depthwise, null, Geometry(x, new ConvShape(x[1], 3, stride)) with { Groups = x[1] });
        return graph.Conv(spread, pointwise, Weight(weights.Get($"{name}/bias", channels)), ConvGeometry.Square(0));
    }

    /// <summary>max(x, 0).</summary>
    public Value Relu(Value x) => graph.Elementwise("Relu", x);

    /// <summary>x, or x/10 where it is negative.</summary>
    public Value LeakyRelu(Value x) => graph.Node("LeakyRelu", x.Dims, [x], ("alpha", 0.1f));

    /// <summary>2×2 max pooling with TensorFlow's "same" padding.</summary>
    public Value MaxPool(Value x, int stride) => graph.MaxPool(x, 2, Geometry(x, new ConvShape(x[1], 2, stride)));

    /// <summary>Average pooling without padding.</summary>
    public Value AveragePool(Value x, int kernel, int stride)
    {
        var geometry = ConvGeometry.Square(0, stride);
        return graph.Node("AveragePool",
            [x[0], x[1], geometry.OutputLength(0, 2, x[2], kernel), geometry.OutputLength(1, 2, x[3], kernel)], [x],
            ("kernel_shape", new[] { kernel, kernel }), ("strides", geometry.Strides), ("pads", geometry.Pads));
    }

    /// <summary>A matrix stored <c>[in, out]</c> times rows, with a bias.</summary>
    public Value FullyConnected(Value x, string matrix, string bias, int outputs) => graph.Gemm(
        x,
        Weight(weights.Get(matrix, x[1], outputs).Permute(1, 0)),
        Weight(weights.Get(bias, outputs)));

    // Large quantised weights stay bytes in the file; ONNX Runtime unpacks them once, when it loads the graph.
    private Value Weight(FaceApiTensor tensor)
    {
        int[] dims = [.. tensor.Shape.Dimensions];
        if (!tensor.IsQuantised || tensor.Stored.Length <= LargestPlainLength)
            return graph.Constant(tensor.Name, dims, tensor.ToValues());
        var bytes = graph.Constant(new Initializer(tensor.Name, tensor.Shape, TensorType.UInt8, values => tensor.Stored.CopyTo(values)));
        var steps = graph.Mul(graph.Cast(bytes, TensorType.Float), graph.Scalar((float)tensor.Scale));
        return graph.Add(steps, graph.Scalar((float)tensor.Minimum));
    }

    private static ConvGeometry Geometry(Value x, ConvShape shape)
    {
        if (!shape.KeepsSize)
            return ConvGeometry.Square(0, shape.Stride);
        var (top, bottom) = SamePadding(x[2], shape.Kernel, shape.Stride);
        var (left, right) = SamePadding(x[3], shape.Kernel, shape.Stride);
        return new ConvGeometry([shape.Stride, shape.Stride], [top, left, bottom, right]);
    }

    // TensorFlow's "same": the output has ceil(length / stride) elements, an odd pad goes to the end.
    private static (int Before, int After) SamePadding(int length, int kernel, int stride)
    {
        var outputs = (length + stride - 1) / stride;
        var total = Math.Max((outputs - 1) * stride + kernel - length, 0);
        return (total / 2, total - total / 2);
    }
}

/// <summary>Output channels, kernel side, stride, and whether the input is padded so that only the stride changes its size.</summary>
internal sealed record ConvShape(int Channels, int Kernel, int Stride = 1, bool KeepsSize = true);
