using System.Buffers.Binary;
using System.Text;
using HunyuanPortrait.Conversion.Checkpoints;

namespace HunyuanPortrait.FullSize;

/// <summary>
/// Writes a plain ordered state dictionary the way <c>torch.save</c> does: a zip file of stored, 64-byte-aligned entries, zip64 where
/// offsets need it. Tensors are streamed in the announced order.
/// </summary>
internal sealed class PyTorchWriter : IDisposable
{
    private const int Alignment = 64;
    private const int LocalBytes = 30;
    private readonly FileStream stream;
    private readonly string root;
    private readonly IReadOnlyList<TensorEntry> tensors;
    private readonly List<(string Name, long Offset, uint Length, uint Crc)> entries = [];
    private int written;

    public PyTorchWriter(string path, IReadOnlyList<TensorEntry> tensors)
    {
        this.tensors = tensors;
        root = Path.GetFileNameWithoutExtension(path);
        stream = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 20);
        var pickle = new StateDictionaryPickle(tensors).Bytes;
        WriteEntry("data.pkl", pickle.Length, sink => sink(pickle));
        WriteEntry("byteorder", 6, sink => sink("little"u8));
    }

    private delegate void Sink(ReadOnlySpan<byte> bytes);

    /// <summary>Writes the next tensor, converting to its announced type.</summary>
    public void Write(float[] values)
    {
        const int Piece = 1 << 20;
        var entry = tensors[written];
        if (entry.Shape.ElementCount != values.Length)
            throw new ArgumentException($"Tensor '{entry.Name}' takes {entry.Shape.ElementCount} elements, got {values.Length}.", nameof(values));
        var buffer = new byte[Math.Min(Piece, values.Length) * entry.Type.Size()];
        WriteEntry($"data/{written}", values.LongLength * entry.Type.Size(), sink =>
        {
            for (var done = 0; done < values.Length; done += Piece)
            {
                var part = values.AsSpan(done, Math.Min(Piece, values.Length - done));
                ElementCodec.Encode(entry.Type, part, buffer);
                sink(buffer.AsSpan(0, part.Length * entry.Type.Size()));
            }
        });
        written++;
    }

    public void Dispose()
    {
        WriteEntry("version", 2, sink => sink("3\n"u8));
        WriteDirectory();
        stream.Dispose();
    }

    private void WriteEntry(string name, long length, Action<Sink> content)
    {
        var fullName = $"{root}/{name}";
        var offset = stream.Position;
        var padding = (int)(Alignment - ((offset + LocalBytes + fullName.Length + 4) % Alignment));
        var header = LocalHeader(fullName, checked((uint)length), padding);
        stream.Write(header);
        var crc = new Crc32();
        content(bytes =>
        {
            crc.Append(bytes);
            stream.Write(bytes);
        });
        var end = stream.Position;
        if (end - offset - header.Length != length)
            throw new InvalidOperationException($"Entry {fullName} was announced with {length} bytes and has {end - offset - header.Length}.");
        stream.Position = offset + 14;
        Span<byte> crcBytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(crcBytes, crc.Value);
        stream.Write(crcBytes);
        stream.Position = end;
        entries.Add((fullName, offset, (uint)length, crc.Value));
    }

    private static byte[] LocalHeader(string name, uint length, int padding)
    {
        var bytes = new LittleEndian();
        bytes.U32(0x04034b50).U16(45).U16(0x0800).U16(0).U32(0).U32(0).U32(length).U32(length).U16(name.Length).U16(padding + 4);
        bytes.Text(name).Text("FB").U16(padding).Text(new string('Z', padding));
        return bytes.ToArray();
    }

    private void WriteDirectory()
    {
        var start = stream.Position;
        foreach (var (name, offset, length, crc) in entries)
        {
            var isWide = offset >= uint.MaxValue;
            var bytes = new LittleEndian();
            bytes.U32(0x02014b50).U16(45).U16(45).U16(0x0800).U16(0).U32(0).U32(crc).U32(length).U32(length).U16(name.Length);
            bytes.U16(isWide ? 12 : 0).U16(0).U16(0).U16(0).U32(0).U32(isWide ? uint.MaxValue : (uint)offset).Text(name);
            if (isWide)
                bytes.U16(1).U16(8).U64((ulong)offset);
            stream.Write(bytes.ToArray());
        }
        var end = stream.Position;
        var tail = new LittleEndian();
        tail.U32(0x06064b50).U64(44).U16(45).U16(45).U32(0).U32(0).U64((ulong)entries.Count).U64((ulong)entries.Count).U64((ulong)(end - start)).U64((ulong)start);
        tail.U32(0x07064b50).U32(0).U64((ulong)end).U32(1);
        tail.U32(0x06054b50).U16(0).U16(0).U16(Math.Min(entries.Count, ushort.MaxValue)).U16(Math.Min(entries.Count, ushort.MaxValue));
        tail.U32((uint)Math.Min(end - start, uint.MaxValue)).U32((uint)Math.Min(start, uint.MaxValue)).U16(0);
        stream.Write(tail.ToArray());
    }
}

/// <summary>Appends little-endian numbers and ASCII text.</summary>
internal sealed class LittleEndian
{
    private readonly List<byte> bytes = [];

    public LittleEndian U16(int value) => Append(BitConverter.GetBytes((ushort)value));

    public LittleEndian U32(uint value) => Append(BitConverter.GetBytes(value));

    public LittleEndian U64(ulong value) => Append(BitConverter.GetBytes(value));

    public LittleEndian Text(string text) => Append(Encoding.UTF8.GetBytes(text));

    public LittleEndian Append(params ReadOnlySpan<byte> more)
    {
        bytes.AddRange(more);
        return this;
    }

    public byte[] ToArray() => [.. bytes];
}
