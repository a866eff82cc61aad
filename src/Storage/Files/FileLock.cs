using Microsoft.Win32.SafeHandles;

namespace HunyuanPortrait.Storage.Files;

/// <summary>
/// A lock between processes, and between holders in one process, that the kernel keeps: it is released when its holder dies, however that happens.
/// The file stays; only the lock on it means something.
/// </summary>
internal sealed class FileLock : IDisposable
{
    // EWOULDBLOCK of Linux and of macOS; ERROR_SHARING_VIOLATION of Windows.
    private static readonly int[] TakenResults = [11, 35, unchecked((int)0x80070020)];

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(16);

    private readonly SafeFileHandle file;

    private FileLock(SafeFileHandle file) => this.file = file;

    /// <summary>Takes the lock if nobody has it.</summary>
    /// <param name="path">The file; created unless <paramref name="mode"/> says otherwise.</param>
    /// <param name="mode">How it is opened.</param>
    /// <returns>Null when somebody has it.</returns>
    public static FileLock? TryTake(string path, FileMode mode = FileMode.OpenOrCreate)
    {
        try
        {
            return new FileLock(File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (TakenResults.Contains(exception.HResult))
        {
            return null;
        }
    }

    /// <summary>Waits for the lock. What it guards takes a fraction of a millisecond, so waiting is asking again.</summary>
    public static async Task<FileLock> TakeAsync(string path, CancellationToken cancellationToken)
    {
        for (var wait = ShortestWait; ; wait = wait < LongestWait ? wait * 2 : LongestWait)
        {
            if (TryTake(path) is { } taken)
                return taken;
            await Task.Delay(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => file.Dispose();
}
