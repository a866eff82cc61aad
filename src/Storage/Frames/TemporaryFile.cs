using Microsoft.Win32.SafeHandles;

namespace HunyuanPortrait.Storage.Frames;

/// <summary>Files without a name in the file system, so that nothing is left behind, whatever happens to the process.</summary>
internal static class TemporaryFile
{
    private const int ZerosLength = 1 << 20;

    /// <summary>Creates a file of zeros whose blocks are really there.</summary>
    /// <remarks>
    /// A sparse file would be created in no time, but writing through its mapping kills the process (SIGBUS) once the disk is full, so a full disk
    /// must be met here.
    /// </remarks>
    /// <exception cref="Core.Errors.RenderException">HP4001: no room; HP4002: the folder cannot be written.</exception>
    public static SafeFileHandle Create(string path, long length)
    {
        try
        {
            var file = OpenUnnamed(path);
            try
            {
                Allocate(file, path, length);
                return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
        {
            throw StorageErrors.WriteFailed(path, exception);
        }
    }

    private static SafeFileHandle OpenUnnamed(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (OperatingSystem.IsWindows())
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        File.Delete(path);
        return file;
    }

    private static void Allocate(SafeFileHandle file, string path, long length)
    {
        if (OperatingSystem.IsLinux())
        {
            int error;
            do
                error = LinuxMemory.Allocate(file, 0, length);
            while (error == LinuxMemory.Interrupted);
            if (error is LinuxMemory.NoSpace or LinuxMemory.QuotaExceeded)
                throw StorageErrors.DiskFull(path, length);
            if (error == LinuxMemory.Success)
                return;
        }

        WriteZeros(file, length);
    }

    // Where the file system or the platform has no call for it.
    private static void WriteZeros(SafeFileHandle file, long length)
    {
        var zeros = new byte[ZerosLength];
        for (long offset = 0; offset < length; offset += ZerosLength)
            RandomAccess.Write(file, zeros.AsSpan(0, (int)Math.Min(ZerosLength, length - offset)), offset);
        RandomAccess.FlushToDisk(file);
    }
}
