using System.Numerics;
using SkiaSharp;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>Round things that lie flat on the face.</summary>
internal static class FacePatch
{
    private const float Step = 0.02f;

    /// <summary>A disc, seen as an ellipse where the face turns away.</summary>
    public static void Disc(Scene scene, float x, float y, float radius, SKColor colour, float flattening = 1)
    {
        var (centre, across, down) = Frame(scene.Head, x, y);
        var canvas = scene.Easel.Canvas;
        canvas.Save();
        canvas.Concat(new SKMatrix(across.X, down.X, centre.X, across.Y, down.Y, centre.Y, 0, 0, 1));
        using var paint = new SKPaint { IsAntialias = true, Color = colour };
        canvas.DrawOval(0, 0, radius, radius * flattening, paint);
        canvas.Restore();
    }

    private static (Vector2 Centre, Vector2 Across, Vector2 Down) Frame(Head head, float x, float y) => (
        head.OnFace(x, y),
        (head.OnFace(x + Step, y) - head.OnFace(x - Step, y)) / (2 * Step),
        (head.OnFace(x, y + Step) - head.OnFace(x, y - Step)) / (2 * Step));
}
