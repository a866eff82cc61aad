using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace HunyuanPortrait.Storage.Frames;

/// <summary>What mapped files need of Linux and .NET does not offer.</summary>
[SupportedOSPlatform("linux")]
internal static partial class LinuxMemory
{
    public const int Success = 0;
    public const int Interrupted = 4;
    public const int NoSpace = 28;
    public const int QuotaExceeded = 122;
    private const int DontNeed = 4;

    /// <summary>Allocates real blocks, all zero. Returns an error number.</summary>
    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    public static partial int Allocate(SafeFileHandle file, long offset, long length);

    /// <summary>
    /// Takes the pages of a shared file mapping out of the process. Their contents stay in the file's page cache, and the next access maps them
    /// again, so this is safe at any time, also while other threads read and write.
    /// </summary>
    public static unsafe void Release(byte* start, long length) => _ = Advise(start, (nuint)length, DontNeed);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static unsafe partial int Advise(byte* start, nuint length, int advice);
}
