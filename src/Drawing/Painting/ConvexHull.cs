using System.Numerics;

namespace HunyuanPortrait.Drawing.Painting;

/// <summary>Andrew's monotone chain.</summary>
internal static class ConvexHull
{
    /// <summary>The hull's corners in order; sorts <paramref name="points"/>.</summary>
    public static Vector2[] Around(Span<Vector2> points)
    {
        points.Sort(static (a, b) => a.X != b.X ? a.X.CompareTo(b.X) : a.Y.CompareTo(b.Y));
        var chain = new Vector2[2 * points.Length];
        var count = 0;
        for (var i = 0; i < points.Length; i++)
            count = Push(chain, count, 0, points[i]);
        var floor = count - 1;
        for (var i = points.Length - 2; i >= 0; i--)
            count = Push(chain, count, floor, points[i]);
        return chain[..(count - 1)];
    }

    private static int Push(Vector2[] chain, int count, int floor, Vector2 point)
    {
        while (count - floor >= 2 && Cross(chain[count - 1] - chain[count - 2], point - chain[count - 2]) <= 0)
            count--;
        chain[count] = point;
        return count + 1;
    }

    private static float Cross(Vector2 a, Vector2 b) => a.X * b.Y - a.Y * b.X;
}
