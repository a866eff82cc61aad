using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.FullSize;

namespace HunyuanPortrait.Conversion.Tests.Checkpoints;

/// <summary>One entry of a zip file built by hand; the lies go into the directory.</summary>
internal sealed record ZipPart(string Name, byte[] Content)
{
    public int Method { get; init; }

    public int Flags { get; init; }

    public uint? ClaimedLength { get; init; }

    public uint? ClaimedOffset { get; init; }
}

/// <summary>Builds zip files byte by byte, honest or not.</summary>
internal static class ZipBytes
{
    public static byte[] Build(params ReadOnlySpan<ZipPart> parts)
    {
        var body = new LittleEndian();
        var directory = new LittleEndian();
        foreach (var part in parts)
        {
            var offset = (uint)body.ToArray().Length;
            var crc = Crc32.Of(part.Content);
            var length = part.ClaimedLength ?? (uint)part.Content.Length;
            body.U32(0x04034b50).U16(20).U16(part.Flags).U16(part.Method).U32(0).U32(crc).U32(length).U32(length).U16(part.Name.Length).U16(0);
            body.Text(part.Name).Append(part.Content);
            directory.U32(0x02014b50).U16(20).U16(20).U16(part.Flags).U16(part.Method).U32(0).U32(crc).U32(length).U32(length);
            directory.U16(part.Name.Length).U16(0).U16(0).U16(0).U16(0).U32(0).U32(part.ClaimedOffset ?? offset).Text(part.Name);
        }
        var start = (uint)body.ToArray().Length;
        body.Append(directory.ToArray());
        body.U32(0x06054b50).U16(0).U16(0).U16(parts.Length).U16(parts.Length).U32((uint)directory.ToArray().Length).U32(start).U16(0);
        return body.ToArray();
    }

    /// <summary>A PyTorch container around a pickle, with one storage of sixteen bytes.</summary>
    public static byte[] AroundPickle(byte[] pickle) =>
        Build(new ZipPart("model/data.pkl", pickle), new ZipPart("model/data/0", new byte[16]), new ZipPart("model/version", "3\n"u8.ToArray()));
}
