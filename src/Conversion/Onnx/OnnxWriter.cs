using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Google.Protobuf;
using HunyuanPortrait.Conversion.Onnx.Schema;

namespace HunyuanPortrait.Conversion.Onnx;

/// <summary>Serialises graphs, with their constants inside or in an external data file. One tensor is in memory at a time.</summary>
public static class OnnxWriter
{
    private const long AlwaysInlineBytes = 1024;

    /// <summary>The graph with every constant inside; for tests and checks of small networks (2 GB at most).</summary>
    public static byte[] ToBytes(GraphBuilder builder)
    {
        var model = builder.ToModel();
        foreach (var initializer in builder.Initializers)
            model.Graph.Initializer.Add(Inline(initializer));
        return model.ToByteArray();
    }

    /// <summary>The graph with its larger constants in an external data file, which several graphs may share.</summary>
    public static byte[] ToBytes(GraphBuilder builder, ExternalDataFile data)
    {
        var model = builder.ToModel();
        foreach (var initializer in builder.Initializers)
            model.Graph.Initializer.Add(initializer.ByteCount <= AlwaysInlineBytes ? Inline(initializer) : data.Reference(initializer));
        return model.ToByteArray();
    }

    internal static TensorProto Describe(Initializer initializer)
    {
        var tensor = new TensorProto { Name = initializer.Name, DataType = (int)initializer.Type };
        tensor.Dims.AddRange(initializer.Shape.Dimensions.Select(dim => (long)dim));
        return tensor;
    }

    /// <summary>Produces an initializer's stored bytes and hands them on.</summary>
    internal static void WithBytes(Initializer initializer, ReadOnlySpanAction<byte, Initializer> use)
    {
        var count = checked((int)initializer.Shape.ElementCount);
        var floats = ArrayPool<float>.Shared.Rent(count);
        try
        {
            var values = floats.AsSpan(0, count);
            initializer.Fill(values);
            if (initializer.Type == TensorType.Float)
            {
                use(MemoryMarshal.AsBytes(values), initializer);
                return;
            }

            if (initializer.Type == TensorType.UInt8)
            {
                var bytes = new byte[count];
                TensorPrimitives.ConvertChecked<float, byte>(values, bytes);
                use(bytes, initializer);
                return;
            }

            var halves = ArrayPool<Half>.Shared.Rent(count);
            TensorPrimitives.ConvertToHalf(values, halves);
            use(MemoryMarshal.AsBytes(halves.AsSpan(0, count)), initializer);
            ArrayPool<Half>.Shared.Return(halves);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(floats);
        }
    }

    private static TensorProto Inline(Initializer initializer)
    {
        var tensor = Describe(initializer);
        WithBytes(initializer, (bytes, _) => tensor.RawData = ByteString.CopyFrom(bytes));
        return tensor;
    }
}
