using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace HunyuanPortrait.Storage.Artifacts;

/// <summary>
/// What tells one content of a file from all earlier ones: when it was written, which every replacement moves on, and what it is, for file systems
/// that keep only seconds.
/// </summary>
/// <remarks>
/// One gap is left and harmless: a file that is deleted and written again with the same content within one tick of the file system's clock keeps its
/// version. Whoever knew it finds exactly what it read.
/// </remarks>
internal readonly record struct FileVersion(DateTime Modified, ulong Content)
{
    private const int BufferLength = 1 << 16;

    public string ETag => string.Create(CultureInfo.InvariantCulture, $"{Modified.Ticks:x}-{Content:x16}");

    /// <summary>The version of a file that holds this.</summary>
    public static FileVersion Of(SafeFileHandle file, ReadOnlySpan<byte> content) =>
        new(File.GetLastWriteTimeUtc(file), BitConverter.ToUInt64(SHA256.HashData(content)));

    public static FileVersion Of(SafeFileHandle file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Math.Clamp(RandomAccess.GetLength(file), 1, BufferLength)];
        long offset = 0;
        for (int read; (read = RandomAccess.Read(file, buffer, offset)) > 0; offset += read)
            hash.AppendData(buffer.AsSpan(0, read));
        return new FileVersion(File.GetLastWriteTimeUtc(file), BitConverter.ToUInt64(hash.GetHashAndReset()));
    }
}
