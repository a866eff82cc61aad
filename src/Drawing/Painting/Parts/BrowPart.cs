using System.Numerics;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>Eyebrows and the lines that they make in the forehead.</summary>
internal static class BrowPart
{
    private static readonly float[] Along = [-1, -0.5f, 0, 0.5f, 1];

    public static void Draw(Scene scene, int side)
    {
        Vector2[] upper = [.. Along.Select(u => Point(scene, side, u, -0.5f))];
        Vector2[] lower = [.. Along.Reverse().Select(u => Point(scene, side, u, 0.5f))];
        using var brow = scene.Easel.Leaf(upper, lower);
        scene.Easel.Fill(brow, scene.Palette.Brow.Alpha(0.95f));
        if (scene.Finish.HasInk)
            scene.Easel.Stroke(brow, scene.Palette.Ink.Alpha(0.8f), 0.012f);
    }

    /// <summary>Folds: upright between the brows when they frown, across when they are raised.</summary>
    public static void DrawFolds(Scene scene)
    {
        var (frown, raise) = (scene.Motion.BrowFrown, scene.Motion.BrowRaise);
        var (head, easel, shade) = (scene.Head, scene.Easel, scene.Palette.SkinShade.Darker(0.2f));
        var y = scene.Person.Eyes.Height - scene.Person.Brows.Distance;
        if (frown > 0)
        {
            foreach (var side in (ReadOnlySpan<int>)[-1, 1])
                easel.Stroke([head.OnFace(side * 0.045f, y - 0.05f), head.OnFace(side * 0.055f, y + 0.02f), head.OnFace(side * 0.04f, y + 0.1f)],
                    shade.Alpha(0.75f * frown), 0.018f);
        }

        if (raise > 0)
        {
            foreach (var line in (ReadOnlySpan<float>)[0.2f, 0.29f])
                easel.Stroke([head.OnFace(-0.28f, y - line - 0.08f * raise), head.OnFace(0, y - line - 0.05f - 0.08f * raise),
                    head.OnFace(0.28f, y - line - 0.08f * raise)], shade.Alpha(0.4f * raise), 0.014f);
        }
    }

    /// <summary>A point of a brow.</summary>
    /// <param name="scene">Whose.</param>
    /// <param name="side">Which.</param>
    /// <param name="u">−1 at the inner end, 1 at the outer.</param>
    /// <param name="edge">−½ at the upper edge, ½ at the lower.</param>
    private static Vector2 Point(Scene scene, int side, float u, float edge)
    {
        var (brows, eyes, motion) = (scene.Person.Brows, scene.Person.Eyes, scene.Motion);
        var inner = 0.5f * (1 - u);
        var x = eyes.Spacing + 1.18f * eyes.HalfWidth * u - 0.05f * motion.BrowFrown * inner;
        var y = eyes.Height - brows.Distance - brows.Arch * (1 - 0.8f * (u - 0.15f) * (u - 0.15f)) - brows.Slant * u;
        y -= motion.BrowRaise * (0.1f + 0.05f * (1 - u * u));
        y += motion.BrowFrown * (0.16f * inner * inner - 0.03f * (1 - inner));
        var thickness = brows.Thickness * (u < 0 ? 0.8f + 0.2f * (1 + u) : 1 - 0.75f * u);
        return scene.Head.OnFace(side * x, y + edge * thickness, 0.02f);
    }
}
