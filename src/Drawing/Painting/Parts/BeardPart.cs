using System.Numerics;
using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>Beard and moustache.</summary>
internal static class BeardPart
{
    private static readonly float[] Azimuths = [-1.5f, -1.25f, -1.0f, -0.75f, -0.5f, -0.3f, -0.12f, 0, 0.12f, 0.3f, 0.5f, 0.75f, 1.0f, 1.25f, 1.5f];

    /// <summary>What lies below mouth and nose.</summary>
    public static void Draw(Scene scene)
    {
        var beard = scene.Person.FacialHair.Beard;
        if (beard == Beard.None)
            return;
        if (beard == Beard.Goatee)
        {
            DrawGoatee(scene);
            return;
        }

        using var jaw = scene.Easel.Rounded(scene.Head.Outline(1, beard == Beard.Full ? 0.02f + 0.06f * scene.Person.FacialHair.Length : 0.004f));
        Vector2[] edge = [.. Azimuths.Select(a => scene.Head.OnSkull(a, Edge(scene, a), 0.01f))];
        var low = scene.Head.Project(new Vector3(0, 2.2f, 0.3f));
        using var area = scene.Easel.Leaf(edge, [low + scene.Head.Unit * new Vector2(2.5f, 0), low - scene.Head.Unit * new Vector2(2.5f, 0)]);
        var tint = scene.Palette.Beard;
        scene.Easel.Within(jaw, () =>
        {
            scene.Easel.Fill(area, tint.Alpha(beard == Beard.Stubble ? 0.34f : 0.97f));
            if (scene.Finish.HasInk && beard != Beard.Stubble)
                scene.Easel.Stroke(area, scene.Palette.Ink.Alpha(0.6f), 0.016f);
            if (beard != Beard.Stubble)
                DrawStrands(scene);
        });
    }

    /// <summary>Over the upper lip.</summary>
    public static void DrawMoustache(Scene scene)
    {
        var kind = scene.Person.FacialHair.Moustache;
        if (kind == Moustache.None)
            return;
        var mouth = scene.Person.Mouth;
        var noseFoot = scene.Person.Eyes.Height + scene.Person.Nose.Length;
        var bottom = mouth.Height - 0.4f * mouth.UpperLip - 0.03f * scene.Motion.Jaw;
        var top = kind == Moustache.Pencil ? bottom - 0.045f : noseFoot + 0.05f + 0.2f * (bottom - noseFoot - 0.05f);
        var reach = mouth.HalfWidth * (kind == Moustache.Pencil ? 0.85f : 1.05f) * (1 + 0.1f * scene.Motion.MouthWidth);
        var ends = bottom + (kind == Moustache.Handlebar ? -0.07f : 0.05f) - 0.05f * scene.Motion.Smile;
        Vector2 At(float u, float y) => scene.Head.OnFace(reach * u, y, 0.06f);
        using var path = scene.Easel.Leaf(
            [At(-1, ends), At(-0.6f, top + 0.035f), At(-0.2f, top), At(0, top + 0.015f), At(0.2f, top), At(0.6f, top + 0.035f), At(1, ends)],
            [At(1, ends), At(0.65f, bottom + 0.035f), At(0.3f, bottom + 0.01f), At(0, bottom - 0.015f), At(-0.3f, bottom + 0.01f),
                At(-0.65f, bottom + 0.035f), At(-1, ends)]);
        scene.Easel.Fill(path, scene.Palette.Beard.Opaque);
        if (scene.Finish.HasInk)
            scene.Easel.Stroke(path, scene.Palette.Ink.Alpha(0.7f), 0.014f);
    }

    private static float Edge(Scene scene, float azimuth)
    {
        var mouth = scene.Person.Mouth;
        var reach = MathF.Abs(azimuth);
        return scene.Person.FacialHair.Beard switch
        {
            Beard.ChinStrap => reach < 0.5f ? 0.92f : 0.92f - 0.8f * Head.Rise((reach - 0.5f) / 0.9f),
            _ => reach < 0.42f
                ? mouth.Height - 0.075f
                : mouth.Height - 0.075f + 0.03f * Head.Rise((reach - 0.42f) / 0.2f) - 0.52f * Head.Rise((reach - 0.6f) / 0.85f),
        };
    }

    private static void DrawGoatee(Scene scene)
    {
        var mouth = scene.Person.Mouth;
        var (top, bottom) = (mouth.Height + mouth.LowerLip + 0.05f, 1.0f + 0.08f * scene.Person.FacialHair.Length);
        var gap = 0.2f * scene.Motion.Jaw;
        Vector2 At(float x, float y) => scene.Head.OnFace(x * mouth.HalfWidth, MathF.Min(y, 0.97f), 0.02f)
            + new Vector2(0, MathF.Max(0, y - 0.97f) * scene.Head.Unit);
        using var path = scene.Easel.Loop([At(-0.3f, top + gap), At(0.3f, top + gap), At(0.8f, 0.5f * (top + gap + bottom)), At(0.4f, bottom),
            At(-0.4f, bottom), At(-0.8f, 0.5f * (top + gap + bottom))]);
        scene.Easel.Fill(path, scene.Palette.Beard.Opaque);
        if (scene.Finish.HasInk)
            scene.Easel.Stroke(path, scene.Palette.Ink.Alpha(0.7f), 0.016f);
    }

    private static void DrawStrands(Scene scene)
    {
        var tint = scene.Finish.HasInk ? scene.Palette.Ink.Alpha(0.4f) : scene.Palette.Beard.Lighter(0.25f).Alpha(0.35f);
        for (var i = -5; i <= 5; i++)
        {
            var azimuth = i * 0.22f;
            var top = MathF.Max(Edge(scene, azimuth) + 0.12f, scene.Person.Mouth.Height + (MathF.Abs(i) < 2 ? 0.25f : 0.05f));
            if (top < 0.92f)
                scene.Easel.Stroke([scene.Head.OnSkull(azimuth, top, 0.02f),
                    scene.Head.OnSkull(azimuth * 0.93f, MathF.Min(0.95f, top + 0.2f), 0.03f)], tint, 0.016f);
        }
    }
}
