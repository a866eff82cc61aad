using System.Security.Cryptography;

namespace HunyuanPortrait.Storage.Files;

/// <summary>SHA-256 of files, streamed.</summary>
public static class ContentHash
{
    private const int BufferLength = 1 << 20;

    /// <summary>The hash of a file's content, 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="Core.Errors.RenderException">HP4003: the file cannot be read.</exception>
    public static string OfFile(string path, CancellationToken cancellationToken = default)
    {
        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[BufferLength];
            long offset = 0;
            for (int read; (read = RandomAccess.Read(file, buffer, offset)) > 0; offset += read)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer.AsSpan(0, read));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
        {
            throw StorageErrors.CannotRead(path, exception);
        }
    }
}
