using System.Numerics;
using SkiaSharp;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>Lines of hair from the crown to the front edge, and the shine across them.</summary>
internal static class Strands
{
    public static void Draw(Scene scene, HairStyling styling)
    {
        if (styling.IsCurly)
            return;
        if (!scene.Finish.HasInk && !scene.Finish.HasBrushwork)
            DrawShine(scene, styling);
        var (spacing, width) = scene.Finish.HasBrushwork ? (0.15f, 0.055f) : (0.26f, 0.02f);
        var index = 0;
        for (var azimuth = -2.1f; azimuth <= 2.1f; azimuth += spacing, index++)
        {
            if (scene.Head.IsBeyondHorizon(azimuth, -0.2f))
                continue;
            var edge = styling.Edge(azimuth);
            var side = scene.Person.Hair.Side;
            Vector2[] strand =
            [
                scene.Head.OnSkull(0.35f * azimuth + 0.2f * side, -0.97f, styling.Lift), scene.Head.OnSkull(0.75f * azimuth + 0.1f * side, -0.8f, styling.Lift),
                scene.Head.OnSkull(azimuth, 0.5f * (edge - 0.8f), 0.8f * styling.Lift), scene.Head.OnSkull(azimuth, edge - 0.02f, 0.3f * styling.Lift),
            ];
            scene.Easel.Stroke(strand, Colour(scene, index), width);
        }
    }

    public static void DrawCurtain(Scene scene, HairStyling styling, int side)
    {
        var width = scene.Head.Width(0);
        var count = scene.Finish.HasBrushwork ? 5 : 2;
        for (var i = 0; i < count; i++)
        {
            var x = side * (width + (i + 1f) / (count + 1) * (styling.Lift + 0.06f));
            Vector2[] strand =
            [
                scene.Head.Project(new Vector3(0.92f * x, -0.45f, 0.2f)), scene.Head.Project(new Vector3(x, 0.1f, 0.12f)),
                scene.Head.Project(new Vector3(x, 0.55f * styling.Fall, 0.1f)), scene.Head.Project(new Vector3(0.96f * x, styling.Fall - 0.05f, 0.06f)),
            ];
            scene.Easel.Stroke(strand, Colour(scene, i), scene.Finish.HasBrushwork ? 0.05f : 0.02f);
        }
    }

    private static SKColor Colour(Scene scene, int index)
    {
        if (scene.Finish.HasInk)
            return scene.Palette.Ink.Alpha(0.55f);
        var tint = index % 2 == 0 ? scene.Palette.HairShade : scene.Palette.HairLight;
        return tint.Alpha(scene.Finish.HasBrushwork ? 0.55f : scene.Finish.HasLight ? 0.4f : 0.3f);
    }

    private static void DrawShine(Scene scene, HairStyling styling)
    {
        Vector2 At(float azimuth, float y) => scene.Head.OnSkull(azimuth, y, styling.Lift);
        using var band = scene.Easel.Leaf([At(-1.0f, -0.66f), At(-0.6f, -0.84f), At(-0.15f, -0.9f), At(0.3f, -0.88f)],
            [At(0.25f, -0.82f), At(-0.15f, -0.83f), At(-0.55f, -0.75f), At(-1.0f, -0.58f)]);
        scene.Easel.Fill(band, scene.Palette.HairLight.Alpha(scene.Finish.HasLight ? 0.5f : 0.6f));
    }
}
