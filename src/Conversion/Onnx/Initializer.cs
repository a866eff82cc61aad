using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Conversion.Onnx;

/// <summary>Fills one initializer's values, row-major.</summary>
public delegate void FillTensor(Span<float> values);

/// <summary>A constant of the graph whose values are produced only when the graph is written, one tensor at a time.</summary>
/// <param name="Name">Unique in the graph; for weights the official state-dict name.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Type">Stored type: <see cref="TensorType.Float"/>, <see cref="TensorType.Float16"/>, or <see cref="TensorType.UInt8"/> for whole values 0 … 255.</param>
/// <param name="Fill">Produces the values.</param>
public sealed record Initializer(string Name, TensorShape Shape, TensorType Type, FillTensor Fill)
{
    /// <summary>Bytes of the stored form.</summary>
    public long ByteCount => Shape.ElementCount * Type switch
    {
        TensorType.UInt8 => 1,
        TensorType.Float16 => 2,
        _ => 4,
    };
}
