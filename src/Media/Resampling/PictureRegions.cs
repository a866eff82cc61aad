using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Media.Resampling;

/// <summary>Regions of pictures.</summary>
public static class PictureRegions
{
    /// <summary>True when the region is not empty and every pixel of it belongs to the picture.</summary>
    public static bool IsInside(RgbImage image, PixelRegion region) =>
        region is { Left: >= 0, Top: >= 0, Width: > 0, Height: > 0 } && region.Right <= image.Width && region.Bottom <= image.Height;

    /// <summary>Copies a region that may reach outside the picture; what lies outside is black (SPEC §3.3, centre crop).</summary>
    /// <param name="source">The picture.</param>
    /// <param name="region">Not empty.</param>
    /// <param name="destination">Of the region's size.</param>
    public static void CopyOverBlack(RgbImage source, PixelRegion region, RgbImage destination)
    {
        if (destination.Width != region.Width || destination.Height != region.Height)
            throw new ArgumentException($"The region is {region.Width}×{region.Height}, the destination {destination.Width}×{destination.Height}.", nameof(destination));
        destination.Pixels.Span.Clear();
        var left = Math.Max(region.Left, 0);
        var count = Math.Min(region.Right, source.Width) - left;
        if (count <= 0)
            return;
        for (var y = Math.Max(region.Top, 0); y < Math.Min(region.Bottom, source.Height); y++)
        {
            source.Row(y).Slice(left * RgbImage.Channels, count * RgbImage.Channels)
                .CopyTo(destination.Row(y - region.Top)[((left - region.Left) * RgbImage.Channels)..]);
        }
    }

    /// <summary>The region as a picture on new memory, black where it reaches outside.</summary>
    public static RgbImage Cut(RgbImage source, PixelRegion region)
    {
        var destination = RgbImage.Black(region.Width, region.Height);
        CopyOverBlack(source, region, destination);
        return destination;
    }

    internal static void RequireInside(RgbImage image, PixelRegion region)
    {
        if (!IsInside(image, region))
            throw new ArgumentException($"Region {region} is not inside the picture of {image.Width}×{image.Height}.", nameof(region));
    }
}
