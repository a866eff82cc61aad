using HunyuanPortrait.Media.Errors;

namespace HunyuanPortrait.Media.Video;

/// <summary>A finished video → the file that the user wanted.</summary>
public static class VideoPublication
{
    /// <summary>Copies a video. It appears under its name when it is complete.</summary>
    /// <param name="content">The video; read to its end.</param>
    /// <param name="path">The file; replaced.</param>
    /// <param name="cancellationToken">Stops; nothing is left.</param>
    /// <exception cref="Core.Errors.RenderException">HP1401, HP1402: the file cannot be written, or the disk is full.</exception>
    public static async Task PublishAsync(Stream content, string path, CancellationToken cancellationToken = default)
    {
        using var file = OutputFile.Create(path);
        try
        {
            // Unbuffered, so that a full disk is met by the write that meets it.
            await using (var target = new FileStream(file.TemporaryPath, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0))
                await content.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
            file.Publish();
        }
        catch (IOException failure) when (OutputFile.IsDiskFull(failure))
        {
            throw MediaErrors.DiskFull(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw MediaErrors.OutputNotWritable(path, failure);
        }
    }
}
