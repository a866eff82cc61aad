using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace HunyuanPortrait.Conversion.Checkpoints.Pickles;

/// <summary>Reads arguments of pickle operations; knows where the current operation began.</summary>
internal sealed class PickleCursor(ReadOnlyMemory<byte> data, string source, int start)
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    public int Position { get; private set; } = start;

    /// <summary>Byte of the current operation.</summary>
    public int OperationStart { get; private set; }

    public string Source => source;

    public byte NextOperation()
    {
        OperationStart = Position;
        return Byte();
    }

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>A length of four bytes.</summary>
    public long Length32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>A length of eight bytes.</summary>
    public long Length64()
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        return length <= int.MaxValue ? (long)length : throw Limit($"an item of {length} bytes");
    }

    public object Integer(long length)
    {
        if (length is < 0 or > PickleLimits.IntegerBytes)
            throw Limit($"an integer of {length} bytes, at most {PickleLimits.IntegerBytes} are allowed");
        var value = new BigInteger(Take((int)length));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    public string Text(long length)
    {
        if (length > PickleLimits.TextBytes)
            throw Limit($"a text of {length} bytes, at most {PickleLimits.TextBytes} are allowed");
        try
        {
            return Utf8.GetString(Take((int)length));
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("a text is not valid UTF-8");
        }
    }

    public byte[] Bytes(long length)
    {
        if (length > PickleLimits.TextBytes)
            throw Limit($"a byte string of {length} bytes, at most {PickleLimits.TextBytes} are allowed");
        return Take((int)length).ToArray();
    }

    /// <summary>Text up to the end of the line.</summary>
    public string Line()
    {
        var rest = data.Span[Position..];
        var length = rest.IndexOf((byte)'\n');
        if (length < 0)
            throw Malformed("it ends inside of a line");
        var line = Text(length);
        Position++;
        return line;
    }

    public Core.Errors.RenderException Malformed(string detail) => CheckpointErrors.BadPickle(source, OperationStart, detail);

    public Core.Errors.RenderException Limit(string detail) => CheckpointErrors.PickleLimit(source, OperationStart, detail);

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > data.Length - Position)
            throw Malformed($"it ends at byte {data.Length}, inside of an operation");
        var taken = data.Span.Slice(Position, length);
        Position += length;
        return taken;
    }
}
