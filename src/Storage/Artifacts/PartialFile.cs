using System.Buffers;
using HunyuanPortrait.Storage.Files;
using Microsoft.Win32.SafeHandles;

namespace HunyuanPortrait.Storage.Artifacts;

/// <summary>Content on its way into the directory: written and flushed where nobody looks, then put under its name at once.</summary>
internal sealed class PartialFile : IDisposable
{
    private const int BufferLength = 1 << 18;
    private const int MoveAttempts = 16;

    private readonly SafeFileHandle file;
    private readonly string path;
    private readonly string target;
    private bool placed;

    private PartialFile(string path, string target)
    {
        this.path = path;
        this.target = target;
        file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
    }

    public static PartialFile Create(string path, string target) => Writing(target, () => new PartialFile(path, target));

    /// <summary>Copies a stream from its position to its end, and flushes. A failure of the stream passes as it is.</summary>
    public async Task WriteAsync(Stream content, CancellationToken cancellationToken)
    {
        // Rented: most artifacts are smaller, and every buffer of this size would be one for the collector of large objects.
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            long offset = 0;
            for (int read; (read = await content.ReadAtLeastAsync(buffer, buffer.Length, false, cancellationToken).ConfigureAwait(false)) > 0; offset += read)
                Writing(target, () => RandomAccess.Write(file, buffer.AsSpan(0, read), offset));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Writing(target, () => RandomAccess.FlushToDisk(file));
    }

    /// <summary>Writes everything at once, and flushes.</summary>
    public FileVersion Write(ReadOnlyMemory<byte> content) => Writing(target, () =>
    {
        RandomAccess.Write(file, content.Span, 0);
        RandomAccess.FlushToDisk(file);
        return FileVersion.Of(file, content.Span);
    });

    /// <summary>Puts it under its name. The caller holds the lock of the key.</summary>
    public void Place() => Writing(target, Move);

    /// <summary>Puts it in place of an older version, which its own is made to differ from. The caller holds the lock of the key.</summary>
    /// <returns>Its version.</returns>
    public FileVersion Replace(FileVersion? older, FileVersion written) => Writing(target, () =>
    {
        if (written.Modified <= older?.Modified)
        {
            written = written with { Modified = older.Value.Modified.AddTicks(1) };
            File.SetLastWriteTimeUtc(file, written.Modified);
        }

        Move();
        return written;
    });

    /// <summary>Makes the name durable. The lock is not needed any more.</summary>
    public void FlushName() => Writing(target, () =>
    {
        try
        {
            FolderFlush.ToDisk(Path.GetDirectoryName(target)!);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody deleted the artifact already, and the empty folder with it.
        }
    });

    public void Dispose()
    {
        file.Dispose();
        if (!placed)
            File.Delete(path);
    }

    // Whoever removes the last artifact of a folder removes the folder, perhaps just now.
    private void Move()
    {
        for (var attempt = 1; !placed; attempt++)
        {
            try
            {
                FolderFlush.CreateFolder(Path.GetDirectoryName(target)!);
                File.Move(path, target, overwrite: true);
                placed = true;
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException && attempt < MoveAttempts)
            {
            }
        }
    }

    private static void Writing(string target, Action action) => Writing(target, () =>
    {
        action();
        return true;
    });

    private static T Writing<T>(string target, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
        {
            throw KeyFolders.Refusal(target) ?? StorageErrors.WriteFailed(target, exception);
        }
    }
}
