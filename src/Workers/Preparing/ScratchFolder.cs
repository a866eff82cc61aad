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

    /// <summary>A file in a folder of its own, so that messages about it have a name that people know.</summary>
    /// <param name="name">Whatever the uploader called it; what no file can be called is left out.</param>
    public string NewNamedFile(string name)
    {
        var kept = string.Concat(Path.GetFileName(name).Split(Path.GetInvalidFileNameChars()));
        var folder = Directory.CreateDirectory(Path.Combine(path, Path.GetRandomFileName()));
        return Path.Combine(folder.FullName, kept is "" or "." or ".." ? "asset" : kept);
    }

    public void Dispose()
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
