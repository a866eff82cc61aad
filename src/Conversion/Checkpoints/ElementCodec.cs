using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>Stored little-endian elements ↔ floats and integers.</summary>
internal static class ElementCodec
{
    public static int Size(this ElementType type) => type switch
    {
        ElementType.Float64 or ElementType.Int64 => 8,
        ElementType.Float32 or ElementType.Int32 => 4,
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 => 2,
        ElementType.Int8 or ElementType.UInt8 or ElementType.Bool => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown element type."),
    };

    public static bool IsInteger(this ElementType type) =>
        type is ElementType.Int64 or ElementType.Int32 or ElementType.Int16 or ElementType.Int8 or ElementType.UInt8 or ElementType.Bool;

    /// <summary>Reverses the bytes of every element, in place.</summary>
    public static void ReverseByteOrder(ElementType type, Span<byte> bytes)
    {
        var size = type.Size();
        for (var start = 0; size > 1 && start < bytes.Length; start += size)
            bytes.Slice(start, size).Reverse();
    }

    public static void Decode(ElementType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (type)
        {
            case ElementType.Float32:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
                break;
            case ElementType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
                break;
            case ElementType.BFloat16:
                DecodeBFloat16(MemoryMarshal.Cast<byte, ushort>(bytes), values);
                break;
            case ElementType.Float64:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(bytes), values);
                break;
            default:
                DecodeIntegersAsFloats(type, bytes, values);
                break;
        }
    }

    public static void Decode(ElementType type, ReadOnlySpan<byte> bytes, Span<long> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * 8)..]),
                ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * 4)..]),
                ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes[(i * 2)..]),
                ElementType.Int8 => (sbyte)bytes[i],
                ElementType.UInt8 => bytes[i],
                ElementType.Bool => bytes[i] == 0 ? 0 : 1,
                _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an integer type."),
            };
        }
    }

    public static void Encode(ElementType type, ReadOnlySpan<float> values, Span<byte> bytes)
    {
        switch (type)
        {
            case ElementType.Float32:
                MemoryMarshal.AsBytes(values).CopyTo(bytes);
                break;
            case ElementType.Float16:
                TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(bytes));
                break;
            default:
                for (var i = 0; i < values.Length; i++)
                    EncodeOne(type, values[i], bytes[(i * type.Size())..]);
                break;
        }
    }

    private static void DecodeBFloat16(ReadOnlySpan<ushort> bits, Span<float> values)
    {
        for (var i = 0; i < bits.Length; i++)
            values[i] = BitConverter.UInt32BitsToSingle((uint)bits[i] << 16);
    }

    private static void DecodeIntegersAsFloats(ElementType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        Span<long> integers = stackalloc long[256];
        var size = type.Size();
        for (var done = 0; done < values.Length; done += integers.Length)
        {
            var count = Math.Min(integers.Length, values.Length - done);
            Decode(type, bytes[(done * size)..], integers[..count]);
            for (var i = 0; i < count; i++)
                values[done + i] = integers[i];
        }
    }

    private static void EncodeOne(ElementType type, float value, Span<byte> bytes)
    {
        switch (type)
        {
            case ElementType.BFloat16:
                BinaryPrimitives.WriteUInt16LittleEndian(bytes, RoundToBFloat16(value));
                break;
            case ElementType.Float64:
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
                break;
            case ElementType.Int64:
                BinaryPrimitives.WriteInt64LittleEndian(bytes, checked((long)value));
                break;
            case ElementType.Int32:
                BinaryPrimitives.WriteInt32LittleEndian(bytes, checked((int)value));
                break;
            case ElementType.Int16:
                BinaryPrimitives.WriteInt16LittleEndian(bytes, checked((short)value));
                break;
            case ElementType.Int8:
                bytes[0] = (byte)checked((sbyte)value);
                break;
            case ElementType.UInt8:
                bytes[0] = checked((byte)value);
                break;
            case ElementType.Bool:
                bytes[0] = value == 0 ? (byte)0 : (byte)1;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown element type.");
        }
    }

    /// <summary>To nearest, ties to even; a NaN stays a NaN.</summary>
    private static ushort RoundToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
