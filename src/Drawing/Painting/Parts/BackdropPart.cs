using System.Numerics;
using HunyuanPortrait.Drawing.Identities;
using SkiaSharp;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>What lies behind the person; it does not move.</summary>
internal static class BackdropPart
{
    public static void Draw(Scene scene)
    {
        var (palette, size) = (scene.Palette, (float)scene.Size);
        var (first, second) = (palette.Backdrop, palette.BackdropOther);
        var canvas = scene.Easel.Canvas;
        canvas.Clear(first.Opaque);
        switch (scene.Person.Backdrop.Kind)
        {
            case BackdropKind.Gradient:
                using (var shader = SKShader.CreateLinearGradient(new SKPoint(0.2f * size, 0), new SKPoint(0.6f * size, size),
                    [first.Opaque, second.Opaque], SKShaderTileMode.Clamp))
                    Cover(scene, shader);
                break;
            case BackdropKind.Vignette:
                using (var shader = SKShader.CreateRadialGradient(new SKPoint(0.5f * size, 0.45f * size), 0.75f * size,
                    [first.Lighter(0.2f).Opaque, first.Darker(0.35f).Opaque], SKShaderTileMode.Clamp))
                    Cover(scene, shader);
                break;
            case BackdropKind.Split:
                using (var half = scene.Easel.Polygon([new(0, 0.75f * size), new(size, 0.2f * size), new(size, size), new(0, size)]))
                    scene.Easel.Fill(half, second.Opaque);
                break;
            case BackdropKind.Lights:
                DrawLights(scene, second);
                break;
            default:
                break;
        }
    }

    private static void Cover(Scene scene, SKShader shader)
    {
        using var paint = new SKPaint { Shader = shader };
        scene.Easel.Canvas.DrawPaint(paint);
    }

    private static void DrawLights(Scene scene, Tint tint)
    {
        var draws = new FactorDraws(scene.Person.Number, DrawPurpose.Strokes, 2);
        for (var i = 0; i < 12; i++)
        {
            var place = scene.Size * new Vector2(draws.Unit(), draws.Unit());
            scene.Easel.Disc(place, draws.Between(0.08f, 0.3f), tint.Lighter(draws.Between(0, 0.3f)).Alpha(0.35f));
        }
    }
}
