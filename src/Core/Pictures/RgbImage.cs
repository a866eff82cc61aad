namespace HunyuanPortrait.Core.Pictures;

/// <summary>An 8-bit RGB picture: interleaved, rows from the top, no padding between rows.</summary>
/// <remarks>Owns nothing; whoever rented the memory returns it.</remarks>
public sealed class RgbImage
{
    /// <summary>Bytes of a pixel.</summary>
    public const int Channels = 3;

    /// <summary>Puts a size on existing memory, without copying.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    /// <exception cref="ArgumentException">The memory's length is not <c>3 · width · height</c>.</exception>
    public RgbImage(int width, int height, Memory<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.Length != (long)Channels * width * height)
            throw new ArgumentException($"A picture of {width}×{height} has {(long)Channels * width * height} bytes, the memory has {pixels.Length}.", nameof(pixels));
        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>A black picture on new memory.</summary>
    public static RgbImage Black(int width, int height) => new(width, height, new byte[checked(Channels * width * height)]);

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public int Height { get; }

    /// <summary>All bytes: red, green, blue of the top left pixel first.</summary>
    public Memory<byte> Pixels { get; }

    /// <summary>The bytes of one row.</summary>
    public Span<byte> Row(int y) => Pixels.Span.Slice(checked(y * Width * Channels), Width * Channels);
}
