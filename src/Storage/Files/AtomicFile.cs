namespace HunyuanPortrait.Storage.Files;

/// <summary>
/// A file that appears complete or not at all: it is written beside its target under another name, flushed to the disk, and renamed. Disposing
/// without <see cref="Commit"/> leaves nothing, and an older file at the target stays as it was.
/// </summary>
public sealed class AtomicFile : IDisposable
{
    private bool committed;

    private AtomicFile(string path, string temporaryPath)
    {
        TargetPath = path;
        TemporaryPath = temporaryPath;
    }

    /// <summary>Where the file will be, absolute.</summary>
    public string TargetPath { get; }

    /// <summary>Where it is written: an existing, empty file beside the target, with the same ending. Other programs may write it.</summary>
    public string TemporaryPath { get; }

    /// <summary>Reserves the place, so that an unwritable target is found before any work is done.</summary>
    /// <param name="path">Where the file shall be; its folder must exist.</param>
    /// <exception cref="Core.Errors.RenderException">HP4002: it cannot be written there; HP4001: the disk is full.</exception>
    public static AtomicFile Create(string path)
    {
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target);
        if (folder is null || Directory.Exists(target) || Path.EndsInDirectorySeparator(path))
            throw StorageErrors.CannotWrite(path, "it is a folder.");
        if (!Directory.Exists(folder))
            throw StorageErrors.CannotWrite(path, $"the folder '{folder}' does not exist.");
        var name = $".{Path.GetFileNameWithoutExtension(target)}.{Path.GetRandomFileName()}.partial{Path.GetExtension(target)}";
        var temporary = Path.Combine(folder, name);
        try
        {
            File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write).Dispose();
        }
        catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
        {
            throw StorageErrors.WriteFailed(path, exception);
        }

        return new AtomicFile(target, temporary);
    }

    /// <summary>Writes a whole file at once.</summary>
    /// <exception cref="Core.Errors.RenderException">HP4001: the disk is full; HP4002: it cannot be written there.</exception>
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> content)
    {
        using var file = Create(path);
        try
        {
            File.WriteAllBytes(file.TemporaryPath, content);
        }
        catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
        {
            throw StorageErrors.WriteFailed(path, exception);
        }

        file.Commit();
    }

    /// <summary>Flushes what was written to the disk and puts it in place, over an older file. Streams on it must be closed.</summary>
    /// <exception cref="Core.Errors.RenderException">HP4001: the disk is full; HP4002: the target cannot be replaced.</exception>
    public void Commit()
    {
        if (committed)
            throw new InvalidOperationException($"'{TargetPath}' is in place already.");
        try
        {
            using (var handle = File.OpenHandle(TemporaryPath, FileMode.Open, FileAccess.ReadWrite))
                RandomAccess.FlushToDisk(handle);
            File.Move(TemporaryPath, TargetPath, overwrite: true);
            committed = true;
            FolderFlush.ToDisk(Path.GetDirectoryName(TargetPath)!);
        }
        catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
        {
            throw StorageErrors.WriteFailed(TargetPath, exception);
        }
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        if (!committed)
            File.Delete(TemporaryPath);
    }
}
