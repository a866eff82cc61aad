using System.Diagnostics;

namespace HunyuanPortrait.Storage.Tests;

/// <summary>An empty folder that vanishes with the test; on request a small file system of its own.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private bool mounted;

    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("portrait-test-").FullName;

    public string Path { get; }

    public IEnumerable<string> Entries => Directory.EnumerateFileSystemEntries(Path);

    /// <summary>A tmpfs of a given size; skips the test where none can be mounted.</summary>
    public static TemporaryFolder WithSize(string size)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "a full disk is a small tmpfs, and mounting one needs root on Linux");
        var folder = new TemporaryFolder();
        folder.mounted = Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder.Path);
        if (folder.mounted)
            return folder;
        folder.Dispose();
        Assert.Skip("a full disk is a small tmpfs, and this machine does not allow mounting one");
        return folder;
    }

    /// <summary>From now on nothing can be written here.</summary>
    public void MakeReadOnly() => Assert.True(Run("mount", "-o", "remount,ro", Path));

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (mounted)
            Run("umount", Path);
        Directory.Delete(Path, recursive: true);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
