using HunyuanPortrait.Core.Geometry;

namespace HunyuanPortrait.Media.Faces.Detection;

internal static class BoxGeometry
{
    /// <summary>Intersection over union.</summary>
    public static double Overlap(this Box box, Box other)
    {
        var width = Math.Min(box.Right, other.Right) - Math.Max(box.Left, other.Left);
        var height = Math.Min(box.Bottom, other.Bottom) - Math.Max(box.Top, other.Top);
        if (width <= 0 || height <= 0)
            return 0;
        var shared = width * height;
        return shared / (box.Area + other.Area - shared);
    }

    /// <summary>The square with the same centre whose side is the longer side times a factor.</summary>
    public static Box SquareAround(this Box box, double factor)
    {
        var side = factor * Math.Max(box.Width, box.Height);
        return Box.FromSize((box.Left + box.Right - side) / 2, (box.Top + box.Bottom - side) / 2, side, side);
    }
}
