using HunyuanPortrait.Media.Errors;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>Refuses an output that cannot be written before any work is done.</summary>
internal static class OutputTarget
{
    private static readonly string[] Containers = [".mp4", ".mov", ".mkv"];

    public static void Check(string path, bool overwrite, params ReadOnlySpan<string> inputs)
    {
        if (!Containers.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            throw MediaErrors.OutputFormat(path);
        foreach (var input in inputs)
        {
            if (Path.GetFullPath(input) == Path.GetFullPath(path))
                throw RenderingErrors.OutputIsInput(path);
        }

        if (Directory.Exists(path) || (File.Exists(path) && !overwrite))
            throw RenderingErrors.OutputExists(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        TryWriting(path, folder);
    }

    private static void TryWriting(string path, string folder)
    {
        try
        {
            using var probe = new FileStream(
                Path.Combine(folder, $".{Path.GetRandomFileName()}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw MediaErrors.OutputNotWritable(path, cause);
        }
    }
}
