using System.Buffers.Binary;
using System.Text;

namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>A plainly stored zip entry: a range of the file.</summary>
/// <param name="Name">Path inside the archive.</param>
/// <param name="Offset">First byte of its content in the file.</param>
/// <param name="Length">Bytes of content.</param>
/// <param name="Crc">Checksum; 0 where the writer recorded none.</param>
internal sealed record ZipEntry(string Name, long Offset, long Length, uint Crc);

/// <summary>
/// The central directory of a zip file, zip64 included. Entries are used in place, so compressed ones are refused, and every range is
/// checked against the file and against its neighbours.
/// </summary>
internal sealed class ZipDirectory
{
    private const uint LocalSignature = 0x04034b50;
    private const uint CentralSignature = 0x02014b50;
    private const uint EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50;
    private const uint Locator64Signature = 0x07064b50;
    private const int EndBytes = 22;
    private const int Locator64Bytes = 20;
    private const int End64Bytes = 56;
    private const int CentralBytes = 46;
    private const int LocalBytes = 30;
    private const int LargestDirectory = 64 << 20;

    private readonly MappedFile file;

    private ZipDirectory(MappedFile file) => this.file = file;

    public OrderedDictionary<string, ZipEntry> Entries { get; } = [];

    public static ZipDirectory Read(MappedFile file)
    {
        var directory = new ZipDirectory(file);
        var (count, offset, length) = directory.Locate();
        directory.ReadEntries(count, offset, length);
        directory.RequireNoOverlap(offset);
        return directory;
    }

    private (ulong Count, long Offset, int Length) Locate()
    {
        var (end, endOffset) = FindEnd();
        ulong count = U16(end, 10);
        ulong length = U32(end, 12);
        ulong offset = U32(end, 16);
        if (U16(end, 4) != 0 && U16(end, 4) != ushort.MaxValue)
            throw Bad("it is one part of several");
        if (count == ushort.MaxValue || length == uint.MaxValue || offset == uint.MaxValue)
            (count, length, offset) = ReadEnd64(endOffset);
        if (length > LargestDirectory)
            throw Bad($"its directory claims {length} bytes, at most {LargestDirectory} are allowed");
        if (offset > (ulong)endOffset || length > (ulong)endOffset - offset)
            throw Bad($"its directory claims bytes {offset} to {offset + length}, the file has {file.Length}");
        return (count, (long)offset, (int)length);
    }

    private (byte[] Record, long Offset) FindEnd()
    {
        var tailLength = (int)Math.Min(file.Length, EndBytes + ushort.MaxValue);
        var tailOffset = file.Length - tailLength;
        var tail = file.Read(tailOffset, tailLength);
        for (var at = tailLength - EndBytes; at >= 0; at--)
        {
            if (U32(tail, at) == EndSignature && at + EndBytes + U16(tail, at + 20) == tailLength)
                return (tail[at..(at + EndBytes)], tailOffset + at);
        }
        throw CheckpointErrors.Truncated(file.Path, "the directory at the end of the zip file is missing");
    }

    private (ulong Count, ulong Length, ulong Offset) ReadEnd64(long endOffset)
    {
        if (endOffset < Locator64Bytes + End64Bytes)
            throw Bad("its zip64 directory is missing");
        var locator = file.Read(endOffset - Locator64Bytes, Locator64Bytes);
        var offset = U64(locator, 8);
        if (U32(locator, 0) != Locator64Signature || offset > (ulong)(endOffset - Locator64Bytes - End64Bytes))
            throw Bad("its zip64 directory is missing");
        var record = file.Read((long)offset, End64Bytes);
        if (U32(record, 0) != End64Signature)
            throw Bad("its zip64 directory is missing");
        return (U64(record, 32), U64(record, 40), U64(record, 48));
    }

    private void ReadEntries(ulong count, long offset, int length)
    {
        var directory = file.Read(offset, length);
        var at = 0;
        for (ulong i = 0; i < count; i++)
        {
            if (at + CentralBytes > length || U32(directory, at) != CentralSignature)
                throw Bad($"entry {i} of {count} is missing from the directory");
            var nameLength = U16(directory, at + 28);
            var extraLength = U16(directory, at + 30);
            var next = at + CentralBytes + nameLength + extraLength + U16(directory, at + 32);
            if (next > length)
                throw Bad($"entry {i} of {count} runs past the directory");
            var entry = ReadEntry(directory.AsSpan(at, CentralBytes + nameLength + extraLength), nameLength);
            if (!Entries.TryAdd(entry.Name, entry))
                throw Bad($"entry '{CheckpointErrors.Shorten(entry.Name)}' is listed twice");
            at = next;
        }
        if (at != length)
            throw Bad("its directory is longer than its entries");
    }

    private ZipEntry ReadEntry(ReadOnlySpan<byte> header, int nameLength)
    {
        var nameBytes = header.Slice(CentralBytes, nameLength);
        var name = Encoding.UTF8.GetString(nameBytes);
        RequireSafeName(name);
        if ((U16(header, 8) & 1) != 0)
            throw CheckpointErrors.CompressedEntry(file.Path, name, "encrypted");
        if (U16(header, 10) != 0)
            throw CheckpointErrors.CompressedEntry(file.Path, name, "compressed");

        var sizes = ReadSizes(name, header, header[(CentralBytes + nameLength)..]);
        if (sizes.Stored != sizes.Content)
            throw Bad($"entry '{CheckpointErrors.Shorten(name)}' is stored, yet its sizes {sizes.Stored} and {sizes.Content} differ");
        var start = ContentStart(name, nameBytes, sizes.Header);
        if (sizes.Content > (ulong)(file.Length - start))
            throw CheckpointErrors.Truncated(file.Path, $"entry '{CheckpointErrors.Shorten(name)}' claims {sizes.Content} bytes from {start}, the file has {file.Length}");
        return new ZipEntry(name, start, (long)sizes.Content, U32(header, 16));
    }

    private (ulong Stored, ulong Content, ulong Header) ReadSizes(string name, ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra)
    {
        ulong stored = U32(header, 20);
        ulong content = U32(header, 24);
        ulong local = U32(header, 42);
        if (content != uint.MaxValue && stored != uint.MaxValue && local != uint.MaxValue)
            return (stored, content, local);

        var wide = FindZip64(name, extra);
        content = content == uint.MaxValue ? TakeWide(name, ref wide) : content;
        stored = stored == uint.MaxValue ? TakeWide(name, ref wide) : stored;
        local = local == uint.MaxValue ? TakeWide(name, ref wide) : local;
        return (stored, content, local);
    }

    private ReadOnlySpan<byte> FindZip64(string name, ReadOnlySpan<byte> extra)
    {
        const ushort Zip64 = 1;
        while (extra.Length >= 4)
        {
            var length = U16(extra, 2);
            if (length > extra.Length - 4)
                break;
            if (U16(extra, 0) == Zip64)
                return extra.Slice(4, length);
            extra = extra[(4 + length)..];
        }
        throw Bad($"entry '{CheckpointErrors.Shorten(name)}' lacks its 64-bit sizes");
    }

    private ulong TakeWide(string name, ref ReadOnlySpan<byte> wide)
    {
        if (wide.Length < 8)
            throw Bad($"entry '{CheckpointErrors.Shorten(name)}' lacks its 64-bit sizes");
        var value = U64(wide, 0);
        wide = wide[8..];
        return value;
    }

    private long ContentStart(string name, ReadOnlySpan<byte> nameBytes, ulong headerOffset)
    {
        if (headerOffset > (ulong)(file.Length - LocalBytes))
            throw Bad($"entry '{CheckpointErrors.Shorten(name)}' starts behind the end of the file");
        var local = file.Read((long)headerOffset, LocalBytes);
        var start = (long)headerOffset + LocalBytes + U16(local, 26) + U16(local, 28);
        if (U32(local, 0) != LocalSignature || U16(local, 26) != nameBytes.Length || start > file.Length
            || !file.Read((long)headerOffset + LocalBytes, nameBytes.Length).AsSpan().SequenceEqual(nameBytes))
            throw Bad($"entry '{CheckpointErrors.Shorten(name)}' differs from the header before its content");
        return start;
    }

    private void RequireSafeName(string name)
    {
        if (name.Length == 0 || name[0] == '/' || name.AsSpan().ContainsAny('\\', ':', '\0') || name.Split('/').Contains(".."))
            throw CheckpointErrors.UnsafeEntryName(file.Path, name);
    }

    private void RequireNoOverlap(long directoryOffset)
    {
        long free = 0;
        foreach (var entry in Entries.Values.OrderBy(entry => entry.Offset))
        {
            // An entry's own header lies before its content; reaching into it means two entries share bytes.
            if (entry.Offset - LocalBytes < free)
                throw Bad($"entry '{CheckpointErrors.Shorten(entry.Name)}' overlaps another one");
            free = entry.Offset + entry.Length;
        }
        if (free > directoryOffset)
            throw Bad("an entry overlaps the directory");
    }

    private Core.Errors.RenderException Bad(string detail) => CheckpointErrors.BadArchive(file.Path, detail);

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
