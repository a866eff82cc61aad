namespace HunyuanPortrait.Workers.Preparing;

/// <summary>The temporary files of one worker. They vanish with it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly string path;

    /// <param name="parent">Null means the system's folder for temporary files.</param>
    public ScratchFolder(string? parent)
    {
        path = Path.Combine(parent ?? Path.GetTempPath(), "portrait-worker-" + Path.GetRandomFileName());
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>A name that nobody uses.</summary>
    /// <param name="extension">With its dot; may be empty.</param>
    public string NewFile(string extension) => Path.Combine(path, Path.GetRandomFileName() + extension);

    public void Dispose()
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
