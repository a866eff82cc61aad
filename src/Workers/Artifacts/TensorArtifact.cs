using System.Buffers.Binary;
using System.Runtime.InteropServices;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Workers.Artifacts;

/// <summary>
/// Tensors as an artifact: a mark, their count, every rank and dimensions (32-bit little-endian), then all values as IEEE single precision,
/// little-endian.
/// </summary>
public static class TensorArtifact
{
    private const uint Mark = 0x31545048; // "HPT1"
    private const int WordLength = sizeof(int);
    private const int MaximumRank = 8;
    private const int MaximumTensors = 16;

    /// <summary>Writes tensors.</summary>
    public static byte[] Write(params ReadOnlySpan<FloatTensor> tensors)
    {
        var words = 2;
        long values = 0;
        foreach (var tensor in tensors)
        {
            words += 1 + tensor.Shape.Rank;
            values += tensor.Shape.ElementCount;
        }

        var content = new byte[checked((int)(words * WordLength + values * sizeof(float)))];
        var place = Put(content, 0, Mark);
        place = Put(content, place, (uint)tensors.Length);
        foreach (var tensor in tensors)
        {
            place = Put(content, place, (uint)tensor.Shape.Rank);
            foreach (var dimension in tensor.Shape.Dimensions)
                place = Put(content, place, (uint)dimension);
        }

        foreach (var tensor in tensors)
        {
            RequireLittleEndian();
            MemoryMarshal.AsBytes(tensor.Values).CopyTo(content.AsSpan(place));
            place += tensor.Values.Length * sizeof(float);
        }

        return content;
    }

    /// <summary>Reads tensors.</summary>
    /// <param name="key">For messages.</param>
    /// <param name="content">All of it.</param>
    /// <exception cref="Core.Errors.RenderException">HP5203: the content is no such artifact, or it was cut off.</exception>
    public static FloatTensor[] Read(ArtifactKey key, ReadOnlySpan<byte> content)
    {
        RequireLittleEndian();
        var header = content;
        if (Next(key, ref header) != Mark)
            throw ExecutionErrors.DamagedArtifact(key.Value, "it does not begin like a tensor artifact");
        var shapes = new TensorShape[Bounded(key, Next(key, ref header), MaximumTensors, "tensors")];
        for (var i = 0; i < shapes.Length; i++)
            shapes[i] = ReadShape(key, ref header);
        if (shapes.Sum(shape => shape.ElementCount) * sizeof(float) != header.Length)
            throw ExecutionErrors.DamagedArtifact(key.Value, $"it promises {shapes.Sum(shape => shape.ElementCount)} values and holds {header.Length} bytes of them");
        var tensors = new FloatTensor[shapes.Length];
        for (var i = 0; i < shapes.Length; i++)
        {
            var values = MemoryMarshal.Cast<byte, float>(header)[..(int)shapes[i].ElementCount].ToArray();
            tensors[i] = new FloatTensor(shapes[i], values);
            header = header[(values.Length * sizeof(float))..];
        }

        return tensors;
    }

    private static TensorShape ReadShape(ArtifactKey key, ref ReadOnlySpan<byte> header)
    {
        Span<int> dimensions = stackalloc int[MaximumRank];
        var rank = Bounded(key, Next(key, ref header), MaximumRank, "dimensions");
        for (var axis = 0; axis < rank; axis++)
            dimensions[axis] = Bounded(key, Next(key, ref header), int.MaxValue, "elements");
        return new TensorShape(dimensions[..rank]);
    }

    private static int Bounded(ArtifactKey key, uint value, int most, string what) => value <= most
        ? (int)value
        : throw ExecutionErrors.DamagedArtifact(key.Value, $"it promises {value} {what}");

    private static uint Next(ArtifactKey key, ref ReadOnlySpan<byte> header)
    {
        if (header.Length < WordLength)
            throw ExecutionErrors.DamagedArtifact(key.Value, "it was cut off");
        var word = BinaryPrimitives.ReadUInt32LittleEndian(header);
        header = header[WordLength..];
        return word;
    }

    private static int Put(Span<byte> content, int place, uint word)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(content[place..], word);
        return place + WordLength;
    }

    // Values are copied as they are in memory.
    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Artifacts hold little-endian values.");
    }
}
