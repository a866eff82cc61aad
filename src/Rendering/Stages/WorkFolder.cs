namespace HunyuanPortrait.Rendering.Stages;

/// <summary>The temporary files of one run. They vanish with it, however it ends.</summary>
internal sealed class WorkFolder : IDisposable
{
    private WorkFolder(string path) => Path = path;

    public string Path { get; }

    /// <param name="parent">Null means the system's folder for temporary files.</param>
    public static WorkFolder Create(string? parent)
    {
        var place = parent ?? System.IO.Path.GetTempPath();
        try
        {
            var path = System.IO.Path.Combine(place, "portrait-" + System.IO.Path.GetRandomFileName());
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new WorkFolder(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw RenderingErrors.WorkFolderNotWritable(place, cause);
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
