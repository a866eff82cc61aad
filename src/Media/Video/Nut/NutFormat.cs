using System.Buffers.Binary;

namespace HunyuanPortrait.Media.Video.Nut;

/// <summary>
/// Constants of the NUT container, in which raw frames travel to and from ffmpeg: unlike bare raw video it carries a time for every frame,
/// so a variable frame rate survives.
/// </summary>
internal static class NutFormat
{
    public const ulong MainStartcode = 0x4E4D_7A56_1F5F_04AD;
    public const ulong StreamStartcode = 0x4E53_1140_5BF2_F9DB;
    public const ulong SyncpointStartcode = 0x4E4B_E4AD_EECA_4569;

    /// <summary>First byte of every startcode; never a frame code.</summary>
    public const byte StartcodeMark = (byte)'N';

    /// <summary>Above this payload length a packet's header has a checksum of its own.</summary>
    public const int LongPacket = 4096;

    private static readonly uint[] Crc = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    public static ReadOnlySpan<byte> FileId => "nut/multimedia container\0"u8;

    public static ReadOnlySpan<byte> Rgb24FourCc => [(byte)'R', (byte)'G', (byte)'B', 24];

    /// <summary>CRC-32 with polynomial 04C11DB7, most significant bit first, starting from zero, not inverted.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0;
        foreach (var value in bytes)
            crc = (crc << 8) ^ Crc[(crc >> 24) ^ value];
        return crc;
    }

    /// <summary>Appends big-endian groups of seven bits, all but the last with the top bit set.</summary>
    public static void WriteVariable(this List<byte> target, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        var shift = 0;
        while (value >> shift >= 0x80)
            shift += 7;
        for (; shift > 0; shift -= 7)
            target.Add((byte)(0x80 | (value >> shift)));
        target.Add((byte)(value & 0x7F));
    }

    public static void WriteUInt32(this List<byte> target, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        target.AddRange(bytes);
    }

    public static void WriteUInt64(this List<byte> target, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        target.AddRange(bytes);
    }

    private static uint CrcOf(int index)
    {
        var crc = (uint)index << 24;
        for (var bit = 0; bit < 8; bit++)
            crc = (crc & 0x8000_0000) != 0 ? (crc << 1) ^ 0x04C1_1DB7 : crc << 1;
        return crc;
    }
}

/// <summary>What a frame's header says, or says further on.</summary>
[Flags]
internal enum NutFrameFlags
{
    None = 0,
    Key = 1,
    CodedTime = 8,
    CodedStream = 16,
    CodedSize = 32,
    Checksum = 64,
    Reserved = 128,
    SideData = 256,
    ElisionHeader = 1024,
    MatchTime = 2048,
    CodedFlags = 4096,
    Invalid = 8192,
}
