using HunyuanPortrait.Media.Errors;

namespace HunyuanPortrait.Media;

/// <summary>A file that appears under its name only when it is complete: written beside its target, renamed at the end, removed otherwise.</summary>
internal sealed class OutputFile : IDisposable
{
    private const int NoSpaceLeft = 28;
    private const int DiskQuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private bool published;

    private OutputFile(string path, string temporaryPath) => (Path, TemporaryPath) = (path, temporaryPath);

    public string Path { get; }

    /// <summary>Exists and is empty; has the target's ending, because programs choose the format by it.</summary>
    public string TemporaryPath { get; }

    /// <exception cref="Core.Errors.RenderException">HP1401: nothing can be written there.</exception>
    public static OutputFile Create(string path)
    {
        if (Directory.Exists(path))
            throw MediaErrors.OutputNotWritable(path, new IOException("it is a folder"));
        var full = System.IO.Path.GetFullPath(path);
        var name = $".{System.IO.Path.GetFileNameWithoutExtension(full)}.{Guid.NewGuid():N}{System.IO.Path.GetExtension(full)}";
        var temporary = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(full)!, name);
        try
        {
            File.Create(temporary).Dispose();
            return new OutputFile(path, temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw MediaErrors.OutputNotWritable(path, e);
        }
    }

    public static bool IsDiskFull(IOException exception) =>
        exception.HResult is NoSpaceLeft or DiskQuotaExceeded or WindowsDiskFull;

    public void Publish()
    {
        File.Move(TemporaryPath, Path, overwrite: true);
        published = true;
    }

    public void Dispose()
    {
        if (!published)
            File.Delete(TemporaryPath);
    }
}
