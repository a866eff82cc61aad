using System.Buffers.Binary;
using System.Text.Json;

namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>
/// Writes a <c>.safetensors</c> file tensor by tensor, in the order that was announced; nothing but the current tensor is held.
/// The file is complete once <see cref="Dispose"/> returns and every tensor was written.
/// </summary>
public sealed class SafetensorsWriter : IDisposable
{
    private const int Alignment = 8;
    private readonly Stream stream;
    private readonly IReadOnlyList<TensorEntry> tensors;
    private int written;

    /// <summary>Creates or replaces the file and writes its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Every tensor, in the order in which it will be written.</param>
    /// <param name="metadata">Free text pairs for <c>__metadata__</c>; none when null.</param>
    /// <exception cref="ArgumentException">Two tensors share a name.</exception>
    public SafetensorsWriter(string path, IReadOnlyList<TensorEntry> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        if (tensors.Select(tensor => tensor.Name).Distinct().Count() != tensors.Count)
            throw new ArgumentException("Two tensors share a name.", nameof(tensors));
        this.tensors = tensors;
        var header = Header(tensors, metadata);
        stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixBytes];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        stream.Write(prefix);
        stream.Write(header);
    }

    /// <summary>Writes the next tensor, converting to its announced type.</summary>
    /// <exception cref="InvalidOperationException">All tensors were written already.</exception>
    /// <exception cref="ArgumentException">The element count is not the announced one.</exception>
    public void Write(ReadOnlySpan<float> values)
    {
        if (written == tensors.Count)
            throw new InvalidOperationException("Every announced tensor was written already.");
        var entry = tensors[written];
        if (entry.Shape.ElementCount != values.Length)
            throw new ArgumentException($"Tensor '{entry.Name}' {entry.Shape} takes {entry.Shape.ElementCount} elements, got {values.Length}.", nameof(values));
        const int Piece = 1 << 20;
        var bytes = new byte[Math.Min(Piece, values.Length) * entry.Type.Size()];
        for (var done = 0; done < values.Length; done += Piece)
        {
            var piece = values[done..Math.Min(values.Length, done + Piece)];
            var target = bytes.AsSpan(0, piece.Length * entry.Type.Size());
            ElementCodec.Encode(entry.Type, piece, target);
            stream.Write(target);
        }
        written++;
    }

    /// <summary>Flushes and closes the file.</summary>
    public void Dispose() => stream.Dispose();

    private static byte[] Header(IReadOnlyList<TensorEntry> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is not null)
                WriteMetadata(json, metadata);
            long offset = 0;
            foreach (var tensor in tensors)
                offset = WriteTensor(json, tensor, offset);
            json.WriteEndObject();
        }
        while (buffer.Length % Alignment != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject("__metadata__");
        foreach (var (key, value) in metadata)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static long WriteTensor(Utf8JsonWriter json, TensorEntry tensor, long offset)
    {
        var end = offset + (tensor.Shape.ElementCount * tensor.Type.Size());
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", TypeName(tensor.Type));
        json.WriteStartArray("shape");
        foreach (var dimension in tensor.Shape.Dimensions)
            json.WriteNumberValue(dimension);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
        return end;
    }

    private static string TypeName(ElementType type) => type switch
    {
        ElementType.Float64 => "F64",
        ElementType.Float32 => "F32",
        ElementType.Float16 => "F16",
        ElementType.BFloat16 => "BF16",
        ElementType.Int64 => "I64",
        ElementType.Int32 => "I32",
        ElementType.Int16 => "I16",
        ElementType.Int8 => "I8",
        ElementType.UInt8 => "U8",
        ElementType.Bool => "BOOL",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown element type."),
    };
}
