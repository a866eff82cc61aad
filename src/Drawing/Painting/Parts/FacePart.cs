using System.Numerics;
using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>The skin of the head and what lies flat on it.</summary>
internal static class FacePart
{
    private const int FreckleCount = 22;

    public static void DrawSkin(Scene scene)
    {
        scene.FillSkin(scene.Face);
        scene.Ink(scene.Face);
        scene.Easel.Within(scene.Face, () => DrawShade(scene));
    }

    /// <summary>Cheeks and freckles.</summary>
    public static void DrawCheeks(Scene scene)
    {
        var (skin, motion) = (scene.Person.Skin, scene.Motion);
        var rose = scene.Palette.Skin.Mix(Tint.FromHex(0xE0405A), 0.55f);
        var y = scene.Person.Eyes.Height + 0.32f - 0.04f * motion.Smile;
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            var strength = (0.12f + 0.22f * skin.Blush) * (1 + 0.4f * MathF.Max(0, motion.Smile));
            if (scene.Finish.HasLight)
                scene.Easel.Glow(scene.Head.OnFace(side * 0.45f, y), 0.3f, rose, strength * 1.3f);
            else
                FacePatch.Disc(scene, side * 0.47f, y, 0.17f, rose.Alpha(strength), 0.7f);
        }

        if (skin.Freckles > 0)
            DrawFreckles(scene, skin.Freckles);
    }

    /// <summary>From the nose to the corners of the mouth: they tell a smile.</summary>
    public static void DrawFolds(Scene scene)
    {
        var (motion, mouth) = (scene.Motion, scene.Person.Mouth);
        var strength = 0.06f + 0.5f * MathF.Max(0, motion.Smile) + 0.12f * motion.Jaw;
        var noseFoot = scene.Person.Eyes.Height + scene.Person.Nose.Length;
        var spread = 1.25f + 0.12f * motion.MouthWidth + 0.1f * motion.Smile;
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            Vector2[] fold =
            [
                scene.Head.OnFace(side * (scene.Person.Nose.HalfWidth + 0.045f), noseFoot - 0.04f),
                scene.Head.OnFace(side * (0.5f * scene.Person.Nose.HalfWidth + 0.5f * spread * mouth.HalfWidth + 0.05f), noseFoot + 0.08f),
                scene.Head.OnFace(side * spread * mouth.HalfWidth, mouth.Height - 0.1f * MathF.Max(0, motion.Smile)),
            ];
            scene.Easel.Stroke(fold, scene.Palette.SkinShade.Darker(0.1f).Alpha(strength), 0.02f);
        }
    }

    /// <summary>A soft edge on the side away from the light; flat pictures get one even shape.</summary>
    private static void DrawShade(Scene scene)
    {
        if (scene.Finish.HasInk)
            return;
        var (head, palette) = (scene.Head, scene.Palette);
        Vector2[] edge = [head.OnSkull(1.1f, -0.9f), head.OnSkull(1.05f, -0.3f), head.OnSkull(1.0f, 0.25f), head.OnSkull(0.8f, 0.65f),
            head.OnSkull(0.35f, 0.94f), head.OnSkull(0, 0.98f)];
        var away = head.Unit * 3;
        var corner = head.Project(Vector3.Zero);
        using var side = scene.Easel.Leaf(edge, [corner + new Vector2(0, away), corner + new Vector2(away, away), corner + new Vector2(away, -away)]);
        scene.Easel.Fill(side, palette.SkinShade.Alpha(scene.Finish.HasLight ? 0.16f : 0.3f));
    }

    private static void DrawFreckles(Scene scene, float amount)
    {
        var draws = new FactorDraws(scene.Person.Number, DrawPurpose.Strokes, 1);
        var tint = scene.Palette.Skin.Mix(Tint.FromHex(0x7A3A1A), 0.6f);
        for (var i = 0; i < FreckleCount; i++)
        {
            var (x, y) = (draws.Bell(-0.55f, 0.55f), scene.Person.Eyes.Height + draws.Between(0.2f, 0.42f));
            if (draws.Unit() < amount)
                scene.Easel.Disc(scene.Head.OnFace(x, y), draws.Between(0.01f, 0.018f), tint.Alpha(0.6f));
        }
    }
}
