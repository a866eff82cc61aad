using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Errors;
using SkiaSharp;

namespace HunyuanPortrait.Media.Pictures;

/// <summary>
/// Reads PNG, JPEG and WebP as 8-bit sRGB: upright (EXIF orientation), transparent parts over <paramref name="background"/>, colour profiles
/// converted, any depth and colour model that the formats have. Safe for concurrent use.
/// </summary>
/// <param name="limits">What is refused; <see cref="PictureLimits.Default"/> when null.</param>
/// <param name="background">Behind transparent parts; white when null.</param>
public sealed class PictureReader(PictureLimits? limits = null, RgbColour? background = null)
{
    private static readonly SKEncodedImageFormat[] Formats = [SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp];
    private readonly PictureLimits limits = limits ?? PictureLimits.Default;
    private readonly RgbColour background = background ?? RgbColour.White;

    /// <summary>Takes the stored numbers as sRGB whatever profile the file carries, as the reference does. Off by default.</summary>
    public bool IgnoreColourProfile { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="Core.Errors.RenderException">HP1101–HP1105: what is wrong with the file.</exception>
    public RgbImage Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Read(stream, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw MediaErrors.PictureNotReadable(path, e);
        }
    }

    /// <summary>Reads from a stream that can seek; it stays open.</summary>
    /// <param name="stream">The encoded picture.</param>
    /// <param name="name">For messages.</param>
    /// <exception cref="Core.Errors.RenderException">HP1102–HP1105: what is wrong with the data.</exception>
    public RgbImage Read(Stream stream, string name)
    {
        using var source = new SKManagedStream(stream);
        using var codec = SKCodec.Create(source, out var found);
        if (codec is null)
            throw found == SKCodecResult.IncompleteInput ? MediaErrors.PictureDamaged(name, "it ends within its header") : MediaErrors.NotAPicture(name, "something else");
        if (!Formats.Contains(codec.EncodedFormat))
            throw MediaErrors.NotAPicture(name, codec.EncodedFormat.ToString());
        RequireSize(codec.Info, name);
        using var colours = IgnoreColourProfile ? null : SKColorSpace.CreateSrgb();
        using var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, colours));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
            throw MediaErrors.PictureDamaged(name, result == SKCodecResult.IncompleteInput ? "its data end early" : $"its data cannot be decoded ({result})");
        return Upright(bitmap, codec.EncodedOrigin);
    }

    private void RequireSize(SKImageInfo info, string name)
    {
        if (info.Width < limits.MinimumSide || info.Height < limits.MinimumSide)
            throw MediaErrors.PictureTooSmall(name, info.Width, info.Height, limits.MinimumSide);
        if ((long)info.Width * info.Height > limits.MaximumPixels)
            throw MediaErrors.PictureTooLarge(name, info.Width, info.Height, limits.MaximumPixels);
    }

    private RgbImage Upright(SKBitmap bitmap, SKEncodedOrigin origin)
    {
        var (width, height) = (bitmap.Width, bitmap.Height);
        var turned = origin >= SKEncodedOrigin.LeftTop;
        var image = turned ? RgbImage.Black(height, width) : RgbImage.Black(width, height);
        var source = bitmap.GetPixelSpan();
        var target = image.Pixels.Span;
        for (var y = 0; y < height; y++)
        {
            var row = source.Slice(y * bitmap.RowBytes, 4 * width);
            for (var x = 0; x < width; x++)
            {
                var (column, line) = Place(origin, x, y, width - 1, height - 1);
                OverBackground(row.Slice(4 * x, 4), target.Slice((line * image.Width + column) * RgbImage.Channels, RgbImage.Channels));
            }
        }

        return image;
    }

    /// <summary>Where a stored pixel belongs in the upright picture; an origin names the visual sides of the stored row 0 and column 0.</summary>
    private static (int X, int Y) Place(SKEncodedOrigin origin, int x, int y, int lastX, int lastY) => origin switch
    {
        SKEncodedOrigin.TopRight => (lastX - x, y),
        SKEncodedOrigin.BottomRight => (lastX - x, lastY - y),
        SKEncodedOrigin.BottomLeft => (x, lastY - y),
        SKEncodedOrigin.LeftTop => (y, x),
        SKEncodedOrigin.RightTop => (lastY - y, x),
        SKEncodedOrigin.RightBottom => (lastY - y, lastX - x),
        SKEncodedOrigin.LeftBottom => (y, lastX - x),
        _ => (x, y),
    };

    private void OverBackground(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        var alpha = rgba[3];
        rgb[0] = Over(rgba[0], background.Red, alpha);
        rgb[1] = Over(rgba[1], background.Green, alpha);
        rgb[2] = Over(rgba[2], background.Blue, alpha);
    }

    private static byte Over(byte front, byte back, byte alpha) => (byte)((front * alpha + back * (255 - alpha) + 127) / 255);
}
