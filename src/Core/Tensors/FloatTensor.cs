namespace HunyuanPortrait.Core.Tensors;

/// <summary>A row-major fp32 tensor in host memory: what enters and leaves every network.</summary>
/// <remarks>Owns nothing; whoever rented the memory returns it.</remarks>
public sealed class FloatTensor
{
    /// <summary>Puts a shape on existing memory, without copying.</summary>
    /// <exception cref="ArgumentException">The memory's length is not the shape's element count.</exception>
    public FloatTensor(TensorShape shape, Memory<float> data)
    {
        if (shape.ElementCount != data.Length)
            throw new ArgumentException($"Shape {shape} has {shape.ElementCount} elements, the memory has {data.Length}.", nameof(data));
        Shape = shape;
        Data = data;
    }

    /// <summary>A zero tensor on new memory.</summary>
    public static FloatTensor Zeros(params ReadOnlySpan<int> dimensions)
    {
        var shape = new TensorShape(dimensions);
        return new FloatTensor(shape, new float[checked((int)shape.ElementCount)]);
    }

    /// <summary>A tensor of rank 1 that holds the given values.</summary>
    public static FloatTensor Of(params ReadOnlySpan<float> values) => new(new TensorShape(values.Length), values.ToArray());

    /// <summary>Dimensions, outermost first.</summary>
    public TensorShape Shape { get; }

    /// <summary>The elements, row-major.</summary>
    public Memory<float> Data { get; }

    /// <summary>The elements, row-major.</summary>
    public Span<float> Values => Data.Span;

    /// <summary>The same elements under another shape, without copying.</summary>
    /// <exception cref="ArgumentException">The element counts differ.</exception>
    public FloatTensor Reshape(params ReadOnlySpan<int> dimensions) => new(new TensorShape(dimensions), Data);
}
