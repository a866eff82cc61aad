using System.Numerics;
using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>Lips, and what shows between them.</summary>
internal sealed class MouthPart
{
    private static readonly float[] Along = [-1, -0.75f, -0.45f, -0.18f, 0, 0.18f, 0.45f, 0.75f, 1];
    private readonly Scene scene;
    private readonly Mouth mouth;
    private readonly float halfWidth, gap, smile, purse;

    public MouthPart(Scene scene)
    {
        (this.scene, mouth) = (scene, scene.Person.Mouth);
        var motion = scene.Motion;
        smile = motion.Smile;
        purse = MathF.Max(0, -motion.MouthWidth);
        var stretch = motion.MouthWidth * (motion.MouthWidth < 0 ? 0.42f : 0.26f);
        halfWidth = mouth.HalfWidth * (1 + stretch + 0.14f * MathF.Max(0, smile) - 0.1f * motion.Jaw);
        gap = 0.25f * motion.Jaw + 0.05f * MathF.Max(0, smile - 0.45f);
    }

    public void Draw()
    {
        var (innerTop, innerBottom) = (Line(InnerTop), Line(InnerBottom));
        var (outerTop, outerBottom) = (Line(OuterTop), Line(OuterBottom));
        var easel = scene.Easel;
        using (var lips = easel.Leaf(outerTop, Reversed(outerBottom)))
        {
            easel.Fill(lips, scene.Palette.Lips.Opaque);
            if (scene.Finish.HasInk)
                easel.Stroke(lips, scene.Palette.Ink.Alpha(0.75f), 0.014f);
        }

        using (var upperLip = easel.Leaf(outerTop, Reversed(innerTop)))
            easel.Fill(upperLip, scene.Palette.Lips.Darker(0.2f).Alpha(scene.Finish.HasInk ? 0.35f : 0.85f));
        if (gap > 0)
            DrawInside(innerTop, innerBottom);
        DrawLight();
        easel.Stroke(innerTop, Tint.FromHex(0x4A1720).Alpha(0.9f), 0.02f);
        DrawCorners();
    }

    /// <summary>The true corner on a side, in the picture.</summary>
    public Vector2 Corner(int side) => At(side, InnerTop(side));

    /// <summary>The mouth's region, for the masks: large enough for any expression.</summary>
    public static Vector2[] Region(Scene scene)
    {
        var mouth = scene.Person.Mouth;
        var points = new Vector2[16];
        for (var i = 0; i < points.Length; i++)
        {
            var (sine, cosine) = MathF.SinCos(2 * MathF.PI * i / points.Length);
            points[i] = scene.Head.OnFace(1.6f * mouth.HalfWidth * cosine, mouth.Height + (sine < 0 ? 0.22f : 0.24f + 0.12f * scene.Motion.Jaw) * sine);
        }

        return points;
    }

    private float Rest(float u) => mouth.Height + smile * (0.035f - 0.135f * u * u) + 0.012f - 0.022f * u * u;

    private float InnerTop(float u) => Rest(u) - 0.14f * gap * (1 - u * u);

    private float InnerBottom(float u) => Rest(u) + gap * MathF.Pow(MathF.Max(0, 1 - MathF.Pow(MathF.Abs(u), 2.4f)), 0.8f);

    private float OuterTop(float u)
    {
        var bow = 1 - MathF.Abs(u) + 0.3f * MathF.Abs(u) * (1 - MathF.Abs(u)) - 0.22f * MathF.Exp(-50 * u * u);
        return InnerTop(u) - mouth.UpperLip * (1 + 0.5f * purse - 0.15f * MathF.Max(0, smile)) * bow;
    }

    private float OuterBottom(float u) => InnerBottom(u) + mouth.LowerLip * (1 + 0.4f * purse) * (1 - u * u);

    private Vector2[] Line(Func<float, float> height) => [.. Along.Select(u => At(u, height(u)))];

    private Vector2 At(float u, float y) => scene.Head.OnFace(halfWidth * u, y, 0.03f + 0.05f * purse * (1 - u * u));

    private static Vector2[] Reversed(Vector2[] points) => [.. points.Reverse()];

    private void DrawInside(Vector2[] top, Vector2[] bottom)
    {
        var easel = scene.Easel;
        using var inside = easel.Leaf(top, Reversed(bottom));
        easel.Fill(inside, Tint.FromHex(0x531A24).Opaque);
        easel.Within(inside, () =>
        {
            if (gap > 0.07f)
                FacePatch.Disc(scene, 0, mouth.Height + gap * 0.95f, halfWidth * 0.55f, Tint.FromHex(0xC85B62).Opaque, 0.4f * gap / 0.2f);
            var depth = MathF.Min(0.075f, 0.025f + 0.45f * gap);
            using var teeth = easel.Leaf(Line(u => InnerTop(u) - 0.03f), Reversed(Line(u => InnerTop(u) + depth * (1 - 0.6f * u * u))));
            easel.Fill(teeth, Tint.FromHex(0xFBF8F1).Opaque);
        });
    }

    private void DrawLight()
    {
        if (scene.Finish.HasInk)
            return;
        var y = InnerBottom(0) + 0.45f * mouth.LowerLip;
        FacePatch.Disc(scene, -0.08f * halfWidth, y, halfWidth * 0.34f, Tint.White.Alpha(scene.Finish.HasLight ? 0.26f : 0.16f), 0.22f * mouth.LowerLip / 0.075f);
        // The shadow below the lower lip gives it weight at small sizes.
        scene.Easel.Stroke(Line(u => OuterBottom(0.75f * u) + 0.035f).AsSpan()[2..^2], scene.Palette.SkinShade.Alpha(0.5f), 0.028f);
    }

    private void DrawCorners()
    {
        var shade = scene.Palette.SkinShade.Darker(0.15f);
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            var y = InnerTop(side);
            scene.Easel.Stroke([At(side * 0.97f, y), At(side * 1.05f, y - 0.02f - 0.03f * smile)], shade.Alpha(0.8f), 0.022f);
        }
    }
}
