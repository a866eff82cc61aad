namespace HunyuanPortrait.Drawing.Painting;

/// <summary>From the canvas's four channels to pictures and masks.</summary>
internal static class PixelCopy
{
    /// <summary>Copies the colours.</summary>
    /// <param name="rgba">The canvas.</param>
    /// <param name="rgb">The picture.</param>
    /// <param name="grainWidth">Pixels of a row, to give the picture the grain of canvas; 0 for none.</param>
    public static void Colours(ReadOnlySpan<byte> rgba, Span<byte> rgb, int grainWidth)
    {
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
        {
            rgb[to] = rgba[from];
            rgb[to + 1] = rgba[from + 1];
            rgb[to + 2] = rgba[from + 2];
        }

        if (grainWidth > 0)
            AddGrain(rgb, grainWidth);
    }

    /// <summary>One channel.</summary>
    public static byte[] Channel(ReadOnlySpan<byte> rgba, int channel)
    {
        var values = new byte[rgba.Length / 4];
        for (var i = 0; i < values.Length; i++)
            values[i] = rgba[4 * i + channel];
        return values;
    }

    /// <summary>Threads of the canvas: light and dark by turns, the less the smaller the picture.</summary>
    private static void AddGrain(Span<byte> rgb, int width)
    {
        var strength = width >= 192 ? 2 : 1;
        for (var i = 0; i < rgb.Length / 3; i++)
        {
            var (x, y) = (i % width, i / width);
            var grain = (((x / 2 + y / 2) & 1) == 0 ? strength : -strength) + (int)(((uint)(x * 7919 + y * 104729) * 2654435761u >> 28) % 7) - 3;
            for (var channel = 0; channel < 3; channel++)
                rgb[3 * i + channel] = (byte)Math.Clamp(rgb[3 * i + channel] + grain, 0, 255);
        }
    }
}
