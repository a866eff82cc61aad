using System.Buffers.Binary;
using System.Text;

namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>Opens checkpoints by what they contain; the file's extension does not matter.</summary>
public static class Checkpoint
{
    private const int SniffedBytes = 512;

    /// <summary>Opens a <c>.safetensors</c> or PyTorch file. The caller disposes it.</summary>
    /// <exception cref="Core.Errors.RenderException">HP20xx: the file is missing, is something else, or is damaged.</exception>
    public static ICheckpoint Open(string path)
    {
        byte[] head;
        using (var file = MappedFile.Open(path))
            head = file.Read(0, (int)Math.Min(SniffedBytes, file.Length));
        if (IsPyTorch(head))
            return PyTorchCheckpoint.Open(path);
        if (IsSafetensors(head))
            return SafetensorsCheckpoint.Open(path);
        throw CheckpointErrors.NotACheckpoint(path, Describe(head));
    }

    private static ReadOnlySpan<byte> Gzip => [0x1F, 0x8B];

    private static ReadOnlySpan<byte> Zstandard => [0x28, 0xB5, 0x2F, 0xFD];

    private static bool IsPyTorch(ReadOnlySpan<byte> head) => head.StartsWith("PK\x03\x04"u8) || head.StartsWith(PyTorchLegacyFile.Signature);

    private static bool IsSafetensors(ReadOnlySpan<byte> head) =>
        head.Length > SafetensorsHeader.PrefixBytes && head[SafetensorsHeader.PrefixBytes] == '{'
        && BinaryPrimitives.ReadUInt64LittleEndian(head) < uint.MaxValue;

    private static string Describe(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("version https://git-lfs"u8))
            return "a Git LFS pointer (run 'git lfs pull' to get the file itself)";
        if (head.StartsWith("PK"u8))
            return "an empty or damaged zip file";
        if (head[0] == 0x80)
            return "a bare pickle, not written by torch.save";
        if (head.StartsWith(Gzip) || head.StartsWith(Zstandard) || head.StartsWith("BZh"u8) || head.StartsWith("7z"u8))
            return "a compressed archive (unpack it first)";
        if (head[1..].StartsWith("HDF"u8))
            return "an HDF5 file";
        if (head.StartsWith("GGUF"u8))
            return "a GGUF file";
        return DescribeText(head);
    }

    private static string DescribeText(ReadOnlySpan<byte> head)
    {
        foreach (var value in head)
        {
            if (value < 0x20 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r'))
                return "an unknown binary format";
        }
        var text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return text.StartsWith('<') ? "an HTML or XML page (the download led to a web page instead of the file)" : "a text file";
    }
}
