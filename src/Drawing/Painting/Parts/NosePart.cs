using System.Numerics;
using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>The nose stands off the face: turned away, its bridge hides the inner corner of the far eye.</summary>
internal static class NosePart
{
    public static void Draw(Scene scene)
    {
        var (head, nose) = (scene.Head, scene.Person.Nose);
        var top = scene.Person.Eyes.Height - 0.06f;
        var tip = Tip(scene);
        DrawRidge(scene, top, tip);
        DrawSide(scene, top, tip);
        var wingY = scene.Person.Eyes.Height + nose.Length;
        foreach (var side in scene.FarSideFirst)
            DrawWing(scene, side, wingY);
        if (scene.Finish.HasLight)
            scene.Easel.Glow(tip + head.Unit * new Vector2(-0.02f, -0.03f), 0.1f, Tint.White, 0.4f);
        else if (!scene.Finish.HasInk)
            scene.Easel.Disc(tip + head.Unit * new Vector2(-0.015f, -0.02f), 0.035f, scene.Palette.SkinLight.Alpha(0.7f));
    }

    /// <summary>The tip in the picture.</summary>
    public static Vector2 Tip(Scene scene) =>
        scene.Head.OnFace(0, scene.Person.Eyes.Height + scene.Person.Nose.Length - 0.035f, scene.Person.Nose.Protrusion);

    private static void DrawRidge(Scene scene, float top, Vector2 tip)
    {
        var (head, nose, eyes) = (scene.Head, scene.Person.Nose, scene.Person.Eyes);
        Vector2[] corners =
        [
            head.OnFace(-nose.Bridge, top), head.OnFace(nose.Bridge, top), head.OnFace(0, top + 0.03f, 0.06f),
            head.OnFace(0, eyes.Height + 0.4f * nose.Length, 0.1f),
            head.OnFace(-0.7f * nose.HalfWidth, eyes.Height + nose.Length), head.OnFace(0.7f * nose.HalfWidth, eyes.Height + nose.Length),
            tip + head.Unit * new Vector2(0.04f, 0), tip - head.Unit * new Vector2(0.04f, 0), tip + head.Unit * new Vector2(0, 0.035f),
        ];
        using var ridge = scene.Easel.Rounded(ConvexHull.Around(corners));
        scene.FillSkin(ridge);
    }

    /// <summary>The side away from the light, or away from the viewer.</summary>
    private static void DrawSide(Scene scene, float top, Vector2 tip)
    {
        var (head, nose, eyes, easel) = (scene.Head, scene.Person.Nose, scene.Person.Eyes, scene.Easel);
        var side = head.Turn < -0.08f ? -1 : 1;
        Vector2[] ridge = [head.OnFace(side * 0.02f, top + 0.04f, 0.05f), head.OnFace(side * 0.015f, eyes.Height + 0.45f * nose.Length, 0.1f),
            tip + head.Unit * new Vector2(side * 0.02f, -0.02f)];
        if (scene.Finish.HasInk)
        {
            easel.Stroke([head.OnFace(side * 0.03f, top + 0.12f, 0.06f), ridge[1], ridge[2]], scene.Palette.Ink.Alpha(0.75f), 0.02f);
            return;
        }

        Vector2[] foot = [head.OnFace(side * 0.8f * nose.HalfWidth, eyes.Height + 0.9f * nose.Length),
            head.OnFace(side * 0.6f * nose.Bridge, eyes.Height + 0.4f * nose.Length), head.OnFace(side * nose.Bridge, top + 0.05f)];
        using var shadow = easel.Leaf(ridge, foot);
        easel.Fill(shadow, scene.Palette.SkinShade.Alpha(0.42f));
    }

    private static void DrawWing(Scene scene, int side, float y)
    {
        var (head, nose, easel) = (scene.Head, scene.Person.Nose, scene.Easel);
        var lift = 0.45f * nose.Protrusion;
        var dark = scene.Finish.HasInk ? scene.Palette.Ink : scene.Palette.SkinShade.Darker(0.42f);
        Vector2 At(float u, float dy, float up) => head.OnFace(side * nose.HalfWidth * u, y + dy, up);
        easel.Stroke([At(0.82f, -0.1f, 0.3f * lift), At(1, -0.035f, 0.4f * lift), At(0.86f, 0.015f, 0.5f * lift)],
            dark.Alpha(scene.Finish.HasInk ? 0.85f : 0.5f), 0.018f);
        using var nostril = easel.Leaf([At(0.22f, 0.0f, lift), At(0.5f, -0.025f, lift), At(0.78f, 0.005f, 0.8f * lift)],
            [At(0.78f, 0.01f, 0.8f * lift), At(0.5f, 0.025f, lift), At(0.22f, 0.018f, lift)]);
        easel.Fill(nostril, dark.Darker(0.2f).Alpha(0.85f));
    }
}
