using System.Runtime.InteropServices;

namespace HunyuanPortrait.Storage.Files;

/// <summary>Makes names durable: a file that was created or renamed survives a power failure only once its folder is flushed.</summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;
    private const int Unsupported = 22;

    /// <summary>Flushes the names in a folder to the disk. Windows journals them by itself.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder is gone.</exception>
    public static void ToDisk(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
            throw new DirectoryNotFoundException($"'{folder}': {Marshal.GetLastPInvokeErrorMessage()}");
        var result = Synchronize(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        // Some file systems have no call for folders (EINVAL) and need none.
        if (result < 0 && error != Unsupported)
            throw new IOException($"'{folder}': {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    /// <summary>Creates a folder and all above it, durable.</summary>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var parent = Path.GetDirectoryName(folder)!;
        CreateFolder(parent);
        Directory.CreateDirectory(folder);
        // Where another process made the folder meanwhile and has not flushed it yet, the journal of the file system still writes its name before
        // the names that are put into it.
        ToDisk(parent);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
