using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Errors;
using SkiaSharp;

namespace HunyuanPortrait.Media.Pictures;

/// <summary>Writes pictures as PNG. Safe for concurrent use.</summary>
public static class PictureWriter
{
    /// <summary>Writes a file: complete, or not at all.</summary>
    /// <exception cref="Core.Errors.RenderException">HP1401, HP1402: the file cannot be written.</exception>
    public static void WritePng(RgbImage image, string path)
    {
        using var target = OutputFile.Create(path);
        try
        {
            using (var stream = File.OpenWrite(target.TemporaryPath))
                WritePng(image, stream);
            target.Publish();
        }
        catch (IOException e)
        {
            throw OutputFile.IsDiskFull(e) ? MediaErrors.DiskFull(path) : MediaErrors.OutputNotWritable(path, e);
        }
    }

    /// <summary>Writes to a stream, which stays open.</summary>
    public static void WritePng(RgbImage image, Stream stream)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var target = bitmap.GetPixelSpan();
        var source = image.Pixels.Span;
        for (var i = 0; i < image.Width * image.Height; i++)
        {
            source.Slice(3 * i, 3).CopyTo(target[(4 * i)..]);
            target[4 * i + 3] = byte.MaxValue;
        }

        using var picture = SKImage.FromBitmap(bitmap);
        using var data = picture.Encode(SKEncodedImageFormat.Png, 100);
        data.AsStream().CopyTo(stream);
    }
}
