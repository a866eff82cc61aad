using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Evaluation.Tests;

/// <summary>Pictures whose measures are known.</summary>
internal static class Pictures
{
    public const int Side = 24;

    public static RgbImage Grey(byte level)
    {
        var picture = RgbImage.Black(Side, Side);
        picture.Pixels.Span.Fill(level);
        return picture;
    }

    /// <summary>A bright bar on dark ground, its left side at a column.</summary>
    public static RgbImage Bar(int column, byte level = 200)
    {
        var picture = Grey(40);
        for (var y = 0; y < Side; y++)
            picture.Row(y).Slice(3 * column, 9).Fill(level);
        return picture;
    }

    public static float[] Everywhere { get; } = [.. Enumerable.Repeat(1f, Side * Side)];

    /// <summary>A bar that moves a pixel a frame.</summary>
    public static RgbImage[] MovingBar(int frames) => [.. Enumerable.Range(0, frames).Select(frame => Bar(frame))];

    /// <summary>Every row's neighbours averaged.</summary>
    public static RgbImage Blurred(RgbImage picture)
    {
        var blurred = RgbImage.Black(picture.Width, picture.Height);
        for (var y = 0; y < picture.Height; y++)
        {
            var source = picture.Row(y).ToArray();
            var target = blurred.Row(y);
            for (var i = 0; i < source.Length; i++)
                target[i] = (byte)((source[Math.Max(i - 3, i % 3)] + source[i] + source[Math.Min(i + 3, source.Length - 3 + i % 3)]) / 3);
        }

        return blurred;
    }
}
