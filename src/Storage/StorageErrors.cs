using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Storage;

/// <summary>Refusals of storage and output, HP4xxx.</summary>
public static class StorageErrors
{
    // ENOSPC everywhere; EDQUOT of Linux and of macOS; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.
    private static readonly int[] FullDiskResults = [28, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>HP4001: the file system has no room left.</summary>
    public static RenderException DiskFull(string path, Exception? cause = null) => new(
        "HP4001",
        $"The disk is full: '{path}' cannot be written. Free some space, or choose another place. Nothing half-written was left.",
        cause,
        isTransient: true);

    /// <summary>HP4001, when the room that is needed is known beforehand.</summary>
    public static RenderException DiskFull(string path, long bytes) => new(
        "HP4001",
        $"The disk is full: '{path}' needs {bytes / 1048576.0:N1} MiB. Free some space, or choose another folder for temporary files.",
        isTransient: true);

    /// <summary>HP4002: a file or folder cannot be written, for any other reason.</summary>
    public static RenderException CannotWrite(string path, string reason, Exception? cause = null) => new(
        "HP4002", $"'{path}' cannot be written: {reason} Choose another place, or change its permissions.", cause);

    /// <summary>HP4003: a file cannot be read.</summary>
    public static RenderException CannotRead(string path, Exception cause) => new(
        "HP4003", $"'{path}' cannot be read: {cause.Message} Check the path and its permissions.", cause);

    /// <summary>HP4203: a living process of another cluster uses the directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="cluster">Who wants to use it.</param>
    /// <param name="user">Who uses it, with process and machine.</param>
    public static RenderException OtherCluster(string directory, string cluster, string user) => new(
        "HP4203",
        $"The directory '{directory}' is in use by the cluster {user}, and this process belongs to '{cluster}'. Give each cluster a directory of its own, "
        + "or end the other cluster first; processes of one cluster need the same cluster id.");

    /// <summary>HP4204: the file system of the directory does not lock files.</summary>
    public static RenderException CannotLock(string directory) => new(
        "HP4204",
        $"The file system of '{directory}' does not lock files, so several processes could not share it safely. Use a local disk or NFS 4; "
        + "DOTNET_SYSTEM_IO_DISABLEFILELOCKING must not be set.");

    /// <summary>HP4205: a key names an artifact and a folder of others.</summary>
    public static RenderException FolderAndArtifact(string path) => new(
        "HP4205", $"'{path}' would be an artifact and a folder of artifacts at once. One of the two keys needs another name.");

    /// <summary>HP4206: the blob service did not answer, however often it was asked.</summary>
    public static RenderException ServiceUnreachable(Uri place, string reason, Exception cause) => new(
        "HP4206",
        $"The blob service did not answer for '{Address(place)}': {reason} Check that it runs and can be reached; the same call may succeed later.",
        cause,
        isTransient: true);

    /// <summary>HP4207: the blob service answered with a refusal.</summary>
    public static RenderException ServiceRefused(Uri place, string reason, Exception cause) => new(
        "HP4207", $"The blob service refused '{Address(place)}': {reason} Check the account, its key, the container's name and the service version.", cause);

    /// <summary>HP4208: the blob store is configured in a way that cannot be used.</summary>
    public static RenderException ServiceOptions(string option, string reason, Exception? cause = null) => new(
        "HP4208", $"Cannot use {option}: {reason}. Correct the configuration.", cause);

    /// <summary>Whether an exception is how the runtime says that writing a file failed.</summary>
    public static bool IsFileFailure(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>The refusal for a failed write: HP4001 when the disk is full, HP4002 otherwise.</summary>
    /// <param name="path">What was written.</param>
    /// <param name="cause">An exception for which <see cref="IsFileFailure"/> holds.</param>
    public static RenderException WriteFailed(string path, Exception cause) =>
        cause is IOException && FullDiskResults.Contains(cause.HResult) ? DiskFull(path, cause) : CannotWrite(path, cause.Message, cause);

    // Without the query, which may hold a signature.
    private static string Address(Uri place) => place.GetLeftPart(UriPartial.Path);
}
