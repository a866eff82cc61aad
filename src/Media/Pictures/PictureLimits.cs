namespace HunyuanPortrait.Media.Pictures;

/// <summary>What is refused from the header, before anything is decoded.</summary>
/// <param name="MinimumSide">Least width and height, pixels.</param>
/// <param name="MaximumPixels">Most pixels.</param>
public sealed record PictureLimits(int MinimumSide, long MaximumPixels)
{
    /// <summary>From 32 pixels a side to 64 megapixels.</summary>
    public static PictureLimits Default { get; } = new(32, 64_000_000);
}

/// <summary>A colour, 8 bits a channel, sRGB.</summary>
public readonly record struct RgbColour(byte Red, byte Green, byte Blue)
{
    /// <summary>What transparent pictures are put on unless another colour is named.</summary>
    public static RgbColour White { get; } = new(255, 255, 255);
}
