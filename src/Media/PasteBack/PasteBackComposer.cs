using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Resampling;

namespace HunyuanPortrait.Media.PasteBack;

/// <summary>
/// Blends generated faces into the portrait they were cut from (SPEC §10). Keeps its buffers: a frame allocates nothing.
/// Not safe for concurrent use.
/// </summary>
public sealed class PasteBackComposer
{
    private readonly OpenCvResizer resizer = new();
    private readonly RgbImage portrait;
    private readonly PixelRegion place;
    private readonly RgbImage fitted;
    private readonly float[] mask;

    /// <summary>Prepares mask and background.</summary>
    /// <param name="portrait">The whole, static picture; kept, not copied.</param>
    /// <param name="place">Where the crop was cut.</param>
    /// <exception cref="ArgumentException">The place is empty or reaches outside the portrait.</exception>
    public PasteBackComposer(RgbImage portrait, PixelRegion place)
    {
        PictureRegions.RequireInside(portrait, place);
        this.portrait = portrait;
        this.place = place;
        fitted = RgbImage.Black(place.Width, place.Height);
        mask = SoftMask.Create(place.Width, place.Height);
    }

    /// <summary>Composes one frame.</summary>
    /// <param name="generated">Of any size; it is fitted to the place.</param>
    /// <param name="destination">Of the portrait's size.</param>
    public void Compose(RgbImage generated, RgbImage destination)
    {
        if (destination.Width != portrait.Width || destination.Height != portrait.Height)
            throw new ArgumentException($"The portrait is {portrait.Width}×{portrait.Height}, the destination {destination.Width}×{destination.Height}.", nameof(destination));
        resizer.Resize(generated, fitted);
        portrait.Pixels.CopyTo(destination.Pixels);
        for (var y = 0; y < place.Height; y++)
        {
            var row = destination.Row(place.Top + y).Slice(place.Left * RgbImage.Channels, place.Width * RgbImage.Channels);
            Blend(fitted.Row(y), mask.AsSpan(y * place.Width, place.Width), row);
        }
    }

    private static void Blend(ReadOnlySpan<byte> generated, ReadOnlySpan<float> weights, Span<byte> row)
    {
        for (var x = 0; x < weights.Length; x++)
        {
            var weight = weights[x];
            for (var i = 3 * x; i < 3 * x + RgbImage.Channels; i++)
                row[i] = (byte)((generated[i] / 255f * weight + row[i] / 255f * (1 - weight)) * 255f);
        }
    }
}
