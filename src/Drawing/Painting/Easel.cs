using System.Numerics;
using HunyuanPortrait.Drawing.Identities;
using SkiaSharp;

namespace HunyuanPortrait.Drawing.Painting;

/// <summary>A canvas with one brush and one pen, and smooth curves through points.</summary>
internal sealed class Easel : IDisposable
{
    private readonly SKPaint brush = new() { IsAntialias = true };
    private readonly SKPaint pen = new()
    {
        IsAntialias = true,
        Style = SKPaintStyle.Stroke,
        StrokeCap = SKStrokeCap.Round,
        StrokeJoin = SKStrokeJoin.Round,
    };

    private readonly SKPathBuilder builder = new();
    private readonly float unit;

    /// <param name="canvas">Not disposed.</param>
    /// <param name="unit">Pixels of a head unit; pen widths are in head units.</param>
    public Easel(SKCanvas canvas, float unit) => (Canvas, this.unit) = (canvas, unit);

    public SKCanvas Canvas { get; }

    public void Dispose()
    {
        brush.Dispose();
        pen.Dispose();
        builder.Dispose();
    }

    /// <summary>A closed curve that rounds the corners off.</summary>
    public SKPath Rounded(ReadOnlySpan<Vector2> corners)
    {
        builder.MoveTo(Point((corners[^1] + corners[0]) / 2));
        for (var i = 0; i < corners.Length; i++)
            builder.QuadTo(Point(corners[i]), Point((corners[i] + corners[(i + 1) % corners.Length]) / 2));
        builder.Close();
        return builder.Detach();
    }

    /// <summary>A closed smooth curve through points.</summary>
    public SKPath Loop(ReadOnlySpan<Vector2> points)
    {
        builder.MoveTo(Point(points[0]));
        var n = points.Length;
        for (var i = 0; i < n; i++)
            Segment(points[(i + n - 1) % n], points[i], points[(i + 1) % n], points[(i + 2) % n]);
        builder.Close();
        return builder.Detach();
    }

    /// <summary>An open smooth curve through points.</summary>
    public SKPath Curve(ReadOnlySpan<Vector2> points)
    {
        builder.MoveTo(Point(points[0]));
        Through(points);
        return builder.Detach();
    }

    /// <summary>A shape between two smooth curves, with corners where they meet.</summary>
    public SKPath Leaf(ReadOnlySpan<Vector2> there, ReadOnlySpan<Vector2> back)
    {
        builder.MoveTo(Point(there[0]));
        Through(there);
        builder.LineTo(Point(back[0]));
        Through(back);
        builder.Close();
        return builder.Detach();
    }

    /// <summary>A shape with straight sides.</summary>
    public SKPath Polygon(ReadOnlySpan<Vector2> points)
    {
        builder.MoveTo(Point(points[0]));
        for (var i = 1; i < points.Length; i++)
            builder.LineTo(Point(points[i]));
        builder.Close();
        return builder.Detach();
    }

    public void Fill(SKPath path, SKColor colour)
    {
        brush.Color = colour;
        Canvas.DrawPath(path, brush);
    }

    public void Fill(SKPath path, SKShader shader)
    {
        brush.Color = SKColors.Black;
        brush.Shader = shader;
        Canvas.DrawPath(path, brush);
        brush.Shader = null;
    }

    public void Disc(Vector2 centre, float radius, SKColor colour)
    {
        brush.Color = colour;
        Canvas.DrawCircle(centre.X, centre.Y, radius * unit, brush);
    }

    /// <summary>A disc that fades towards its border.</summary>
    public void Glow(Vector2 centre, float radius, Tint colour, float alpha)
    {
        using var shader = SKShader.CreateRadialGradient(
            Point(centre), radius * unit, [colour.Alpha(alpha), colour.Alpha(alpha * 0.6f), colour.Alpha(0)], [0, 0.45f, 1], SKShaderTileMode.Clamp);
        brush.Color = SKColors.Black;
        brush.Shader = shader;
        Canvas.DrawCircle(centre.X, centre.Y, radius * unit, brush);
        brush.Shader = null;
    }

    public void Stroke(SKPath path, SKColor colour, float width)
    {
        pen.Color = colour;
        pen.StrokeWidth = width * unit;
        Canvas.DrawPath(path, pen);
    }

    public void Stroke(ReadOnlySpan<Vector2> points, SKColor colour, float width)
    {
        using var path = Curve(points);
        Stroke(path, colour, width);
    }

    /// <summary>A stroke with the square ends of a flat brush.</summary>
    public void Dab(ReadOnlySpan<Vector2> points, SKColor colour, float width)
    {
        pen.StrokeCap = SKStrokeCap.Butt;
        Stroke(points, colour, width);
        pen.StrokeCap = SKStrokeCap.Round;
    }

    /// <summary>Draws within a shape only.</summary>
    public void Within(SKPath shape, Action draw)
    {
        Canvas.Save();
        Canvas.ClipPath(shape, SKClipOperation.Intersect, antialias: true);
        draw();
        Canvas.Restore();
    }

    public static SKPoint Point(Vector2 p) => new(p.X, p.Y);

    private void Through(ReadOnlySpan<Vector2> points)
    {
        for (var i = 0; i + 1 < points.Length; i++)
            Segment(points[Math.Max(i - 1, 0)], points[i], points[i + 1], points[Math.Min(i + 2, points.Length - 1)]);
    }

    /// <summary>Catmull and Rom's spline as a Bézier curve.</summary>
    private void Segment(Vector2 before, Vector2 from, Vector2 to, Vector2 after) =>
        builder.CubicTo(Point(from + (to - before) / 6), Point(to - (after - from) / 6), Point(to));
}
