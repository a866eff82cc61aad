namespace HunyuanPortrait.Core.Geometry;

/// <summary>Rotation, uniform scale and translation: <c>x' = A·x − B·y + X</c>, <c>y' = B·x + A·y + Y</c>.</summary>
/// <param name="A">Scale · cosine.</param>
/// <param name="B">Scale · sine.</param>
/// <param name="X">Translation to the right.</param>
/// <param name="Y">Translation downwards.</param>
public readonly record struct SimilarityTransform(double A, double B, double X, double Y)
{
    /// <summary>Moves one point.</summary>
    public PicturePoint Apply(PicturePoint point) => new(A * point.X - B * point.Y + X, B * point.X + A * point.Y + Y);

    /// <summary>The transform that undoes this one.</summary>
    public SimilarityTransform Invert()
    {
        var determinant = A * A + B * B;
        var (a, b) = (A / determinant, -B / determinant);
        return new SimilarityTransform(a, b, -(a * X - b * Y), -(b * X + a * Y));
    }

    /// <summary>
    /// The least-squares transform from one set of points to another: Umeyama's, which in the plane has this closed form.
    /// </summary>
    /// <exception cref="ArgumentException">The sets differ in length, are empty, or all source points coincide.</exception>
    public static SimilarityTransform Fit(ReadOnlySpan<PicturePoint> from, ReadOnlySpan<PicturePoint> to)
    {
        if (from.Length != to.Length)
            throw new ArgumentException($"{from.Length} points cannot be fitted to {to.Length}.", nameof(to));
        var (fromCentre, toCentre) = (Mean(from), Mean(to));
        double along = 0, across = 0, spread = 0;
        for (var i = 0; i < from.Length; i++)
        {
            var (x, y) = (from[i].X - fromCentre.X, from[i].Y - fromCentre.Y);
            var (u, v) = (to[i].X - toCentre.X, to[i].Y - toCentre.Y);
            along += x * u + y * v;
            across += x * v - y * u;
            spread += x * x + y * y;
        }

        if (!(spread > 0))
            throw new ArgumentException("A similarity transform needs two different points.", nameof(from));
        var (a, b) = (along / spread, across / spread);
        return new SimilarityTransform(
            a, b, toCentre.X - (a * fromCentre.X - b * fromCentre.Y), toCentre.Y - (b * fromCentre.X + a * fromCentre.Y));
    }

    private static PicturePoint Mean(ReadOnlySpan<PicturePoint> points)
    {
        double x = 0, y = 0;
        foreach (var point in points)
            (x, y) = (x + point.X, y + point.Y);
        return new PicturePoint(x / points.Length, y / points.Length);
    }
}
