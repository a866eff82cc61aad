namespace HunyuanPortrait.Core.Geometry;

/// <summary>A rectangle in picture coordinates, in corner form. It may reach outside its picture.</summary>
/// <param name="Left">Smallest x.</param>
/// <param name="Top">Smallest y.</param>
/// <param name="Right">Largest x.</param>
/// <param name="Bottom">Largest y.</param>
public readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    /// <summary>Right − left.</summary>
    public double Width => Right - Left;

    /// <summary>Bottom − top.</summary>
    public double Height => Bottom - Top;

    /// <summary>Width · height.</summary>
    public double Area => Width * Height;

    /// <summary>From the form that detectors report: top left corner and size.</summary>
    public static Box FromSize(double left, double top, double width, double height) => new(left, top, left + width, top + height);

    /// <summary>The smallest box around some points.</summary>
    /// <exception cref="ArgumentException">There is no point.</exception>
    public static Box Around(ReadOnlySpan<PicturePoint> points)
    {
        if (points.IsEmpty)
            throw new ArgumentException("A box needs at least one point.", nameof(points));
        var box = new Box(points[0].X, points[0].Y, points[0].X, points[0].Y);
        foreach (var point in points)
        {
            box = new Box(
                Math.Min(box.Left, point.X), Math.Min(box.Top, point.Y),
                Math.Max(box.Right, point.X), Math.Max(box.Bottom, point.Y));
        }

        return box;
    }
}

/// <summary>A rectangle of whole pixels; right and bottom are outside. It may reach outside its picture.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Right">The column after the last.</param>
/// <param name="Bottom">The row after the last.</param>
public readonly record struct PixelRegion(int Left, int Top, int Right, int Bottom)
{
    /// <summary>Number of columns.</summary>
    public int Width => Right - Left;

    /// <summary>Number of rows.</summary>
    public int Height => Bottom - Top;
}

/// <summary>A position in picture coordinates.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Downwards.</param>
public readonly record struct PicturePoint(double X, double Y);
