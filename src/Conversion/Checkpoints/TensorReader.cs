using System.Runtime.InteropServices;

namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>Reads stored tensors in pieces of bounded size, resolving strides on the way.</summary>
internal static class TensorReader
{
    private const int PieceBytes = 32 << 20;

    /// <summary>Receives consecutive row-major elements, little-endian.</summary>
    /// <param name="elements">Their bytes.</param>
    /// <param name="firstIndex">Row-major index of the first one.</param>
    public delegate void Sink(ReadOnlySpan<byte> elements, int firstIndex);

    public static unsafe void ReadFloats(MappedFile file, StoredTensor tensor, Span<float> destination)
    {
        RequireLength(tensor, destination.Length);
        fixed (float* start = destination)
        {
            var target = start;
            var length = destination.Length;
            Read(file, tensor, (elements, first) =>
                ElementCodec.Decode(tensor.Entry.Type, elements, new Span<float>(target, length)[first..][..(elements.Length / tensor.Entry.Type.Size())]));
        }
    }

    public static unsafe void ReadIntegers(MappedFile file, StoredTensor tensor, Span<long> destination)
    {
        if (!tensor.Entry.Type.IsInteger())
            throw CheckpointErrors.NotInteger(file.Path, tensor.Entry.Name, tensor.Entry.Type);
        RequireLength(tensor, destination.Length);
        fixed (long* start = destination)
        {
            var target = start;
            var length = destination.Length;
            Read(file, tensor, (elements, first) =>
                ElementCodec.Decode(tensor.Entry.Type, elements, new Span<long>(target, length)[first..][..(elements.Length / tensor.Entry.Type.Size())]));
        }
    }

    public static unsafe void ReadDoubles(MappedFile file, StoredTensor tensor, Span<double> destination)
    {
        if (tensor.Entry.Type != ElementType.Float64)
            throw new ArgumentException($"Tensor '{tensor.Entry.Name}' holds {tensor.Entry.Type}, not Float64.");
        RequireLength(tensor, destination.Length);
        fixed (double* start = destination)
        {
            var target = start;
            var length = destination.Length;
            Read(file, tensor, (elements, first) => MemoryMarshal.Cast<byte, double>(elements).CopyTo(new Span<double>(target, length)[first..]));
        }
    }

    private static void RequireLength(StoredTensor tensor, int length)
    {
        if (tensor.Entry.Shape.ElementCount != length)
            throw new ArgumentException($"Tensor '{tensor.Entry.Name}' {tensor.Entry.Shape} has {tensor.Entry.Shape.ElementCount} elements, the destination has {length}.");
    }

    private static void Read(MappedFile file, StoredTensor tensor, Sink sink)
    {
        if (tensor.Entry.Shape.ElementCount == 0)
            return;
        if (tensor.IsContiguous)
            ReadContiguous(file, tensor, sink);
        else
            ReadStrided(file, tensor, sink);
    }

    private static void ReadContiguous(MappedFile file, StoredTensor tensor, Sink sink)
    {
        var size = tensor.Entry.Type.Size();
        var total = tensor.Entry.Shape.ElementCount * size;
        for (long done = 0; done < total; done += PieceBytes)
        {
            var length = (int)Math.Min(PieceBytes, total - done);
            using var range = file.Map(tensor.Start + done, length);
            Deliver(tensor, range.Span(0, length), (int)(done / size), sink);
        }
    }

    private static void ReadStrided(MappedFile file, StoredTensor tensor, Sink sink)
    {
        using var range = file.Map(tensor.Start, tensor.Extent);
        var size = tensor.Entry.Type.Size();
        var count = (int)tensor.Entry.Shape.ElementCount;
        var piece = new byte[Math.Min(PieceBytes, (long)count * size)];
        var position = new StridedPosition(tensor);
        for (var done = 0; done < count;)
        {
            var elements = Math.Min(piece.Length / size, count - done);
            for (var i = 0; i < elements; i++)
                range.Span(position.Next() * size, size).CopyTo(piece.AsSpan(i * size));
            Deliver(tensor, piece.AsSpan(0, elements * size), done, sink);
            done += elements;
        }
    }

    private static void Deliver(StoredTensor tensor, ReadOnlySpan<byte> elements, int first, Sink sink)
    {
        if (!tensor.BigEndian)
        {
            sink(elements, first);
            return;
        }
        var swapped = elements.ToArray();
        ElementCodec.ReverseByteOrder(tensor.Entry.Type, swapped);
        sink(swapped, first);
    }

    /// <summary>Walks a view in row-major order.</summary>
    private sealed class StridedPosition(StoredTensor tensor)
    {
        private readonly int[] index = new int[tensor.Strides.Length];
        private long offset;

        /// <summary>The current element's offset, in elements; then moves on.</summary>
        public long Next()
        {
            var current = offset;
            for (var axis = index.Length - 1; axis >= 0; axis--)
            {
                offset += tensor.Strides[axis];
                if (++index[axis] < tensor.Entry.Shape[axis])
                    break;
                offset -= tensor.Strides[axis] * index[axis];
                index[axis] = 0;
            }
            return current;
        }
    }
}
