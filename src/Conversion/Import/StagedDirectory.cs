using HunyuanPortrait.Conversion.Checkpoints;

namespace HunyuanPortrait.Conversion.Import;

/// <summary>A directory that appears under its name only when it is complete. Until then it lies beside it, and vanishes on disposal.</summary>
internal sealed class StagedDirectory : IDisposable
{
    private readonly string target;

    private StagedDirectory(string target, string path)
    {
        this.target = target;
        Path = path;
    }

    /// <summary>Where to write.</summary>
    public string Path { get; }

    public static StagedDirectory Create(string target)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(target));
        if (File.Exists(full) || (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
            throw CheckpointErrors.TargetExists(full);
        var parent = System.IO.Path.GetDirectoryName(full) ?? throw CheckpointErrors.TargetExists(full);
        try
        {
            Directory.CreateDirectory(parent);
            var path = System.IO.Path.Combine(parent, $".{System.IO.Path.GetFileName(full)}.{Guid.NewGuid():N}.importing");
            Directory.CreateDirectory(path);
            return new StagedDirectory(full, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CheckpointErrors.NotWritable(full, exception);
        }
    }

    /// <summary>Gives the directory its name.</summary>
    public void Commit()
    {
        if (Directory.Exists(target))
            Directory.Delete(target);
        Directory.Move(Path, target);
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
