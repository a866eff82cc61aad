using System.Security.Cryptography;

namespace HunyuanPortrait.Conversion.Import;

/// <summary>SHA-256 of files of any size.</summary>
internal static class FileHash
{
    private const int Piece = 4 << 20;

    /// <summary>Lower-case hex.</summary>
    public static string Sha256(string path, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        var buffer = new byte[Piece];
        while (stream.Read(buffer) is > 0 and var read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer.AsSpan(0, read));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
