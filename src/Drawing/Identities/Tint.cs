using SkiaSharp;

namespace HunyuanPortrait.Drawing.Identities;

/// <summary>A colour: sRGB, each channel in [0, 1].</summary>
/// <param name="Red">Red.</param>
/// <param name="Green">Green.</param>
/// <param name="Blue">Blue.</param>
public readonly record struct Tint(float Red, float Green, float Blue)
{
    internal static Tint White { get; } = new(1, 1, 1);

    internal static Tint Black { get; } = new(0, 0, 0);

    /// <summary>From hue (turns), saturation and lightness.</summary>
    public static Tint FromHsl(float hue, float saturation, float lightness)
    {
        var reach = saturation * MathF.Min(lightness, 1 - lightness);
        return new Tint(Channel(0), Channel(8), Channel(4));

        float Channel(int n)
        {
            var k = (n + hue * 12) % 12;
            return lightness - reach * MathF.Max(-1, MathF.Min(MathF.Min(k - 3, 9 - k), 1));
        }
    }

    /// <summary>From 0xRRGGBB.</summary>
    public static Tint FromHex(int hex) => new((hex >> 16 & 255) / 255f, (hex >> 8 & 255) / 255f, (hex & 255) / 255f);

    /// <summary>This colour with a share of another.</summary>
    public Tint Mix(Tint other, float share) =>
        new(Red + (other.Red - Red) * share, Green + (other.Green - Green) * share, Blue + (other.Blue - Blue) * share);

    /// <summary>Perceived lightness, 0 to 1.</summary>
    internal float Luma => 0.299f * Red + 0.587f * Green + 0.114f * Blue;

    internal Tint Darker(float share) => new(Red * (1 - share), Green * (1 - share), Blue * (1 - share));

    internal Tint Lighter(float share) => Mix(White, share);

    internal SKColor Opaque => new(Byte(Red), Byte(Green), Byte(Blue));

    internal SKColor Alpha(float alpha) => new(Byte(Red), Byte(Green), Byte(Blue), Byte(alpha));

    private static byte Byte(float value) => (byte)(Math.Clamp(value, 0, 1) * 255 + 0.5f);
}
