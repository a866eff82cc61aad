using System.Numerics;
using HunyuanPortrait.Drawing.Identities;
using SkiaSharp;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>One eye: white, iris and lids. All curves lie on the face, so an eye that turns away narrows.</summary>
internal sealed class EyePart
{
    private static readonly float[] Along = [-1, -0.72f, -0.36f, 0, 0.36f, 0.72f, 1];
    private readonly Scene scene;
    private readonly Eyes eyes;
    private readonly int side;
    private readonly float openness, squint;

    public EyePart(Scene scene, int side)
    {
        (this.scene, this.side, eyes) = (scene, side, scene.Person.Eyes);
        openness = side < 0 ? scene.Motion.LeftEye : scene.Motion.RightEye;
        squint = MathF.Max(0, scene.Motion.Smile) * 0.35f;
    }

    /// <summary>Draws the eye.</summary>
    public void Draw()
    {
        var (upper, lower, crease) = (Lid(UpperLid), Lid(LowerLid), Lid(Crease));
        DrawLidSkin(upper, crease);
        var back = Reversed(lower);
        using (var opening = scene.Easel.Leaf(upper, back))
        {
            scene.Easel.Fill(opening, White);
            scene.Easel.Within(opening, () => DrawBall(upper));
        }

        DrawLines(upper, lower, crease);
    }

    /// <summary>The eye's region, for the masks.</summary>
    public static Vector2[] Region(Scene scene, int side)
    {
        var eyes = scene.Person.Eyes;
        var (width, height) = (eyes.HalfWidth * 1.3f, eyes.HalfWidth * 1.1f);
        var points = new Vector2[16];
        for (var i = 0; i < points.Length; i++)
        {
            var (sine, cosine) = MathF.SinCos(2 * MathF.PI * i / points.Length);
            var above = sine < 0 ? 1.75f : 1;
            points[i] = scene.Head.OnFace(side * eyes.Spacing + width * cosine, eyes.Height + height * above * sine);
        }

        return points;
    }

    private SKColor White => scene.Finish.Wash > 0 ? Tint.FromHex(0xFFFDF7).Opaque : Tint.FromHex(0xF8F5F0).Opaque;

    private float Half => eyes.HalfWidth;

    private float Line(float u) => eyes.Height - eyes.Tilt * Half * u;

    private float Open(float u) => Line(u) - 0.66f * Half * eyes.Roundness * Dome(u, 2.3f);

    private float Bottom(float u) => Line(u) + 0.44f * Half * eyes.Roundness * Dome(u, 2);

    private float Shut(float u) => Line(u) + 0.3f * Half * Dome(u, 2);

    private float UpperLid(float u) => Shut(u) + (Open(u) - Shut(u)) * openness;

    private float LowerLid(float u)
    {
        var open = Bottom(u) + (Shut(u) - Bottom(u)) * squint;
        return Shut(u) + (open - Shut(u)) * Head.Rise(openness * 2.2f);
    }

    private float Crease(float u) => MathF.Min(Open(u), UpperLid(u)) - 0.13f * Half * (0.4f + 0.6f * Dome(u, 2));

    private static float Dome(float u, float power) => 1 - MathF.Pow(MathF.Abs(u), power);

    private Vector2[] Lid(Func<float, float> height) => [.. Along.Select(u => At(u, height(u)))];

    private Vector2 At(float u, float y) => scene.Head.OnFace(side * (eyes.Spacing + Half * u), y);

    private static Vector2[] Reversed(Vector2[] points) => [.. points.Reverse()];

    private void DrawLidSkin(Vector2[] upper, Vector2[] crease)
    {
        var palette = scene.Palette;
        var tint = palette.Skin.Mix(palette.SkinShade, 0.35f);
        if (eyes.Shadow > 0)
            tint = tint.Mix(Tint.FromHsl((eyes.Tilt * 3 + 1) % 1, 0.4f, 0.42f), 0.55f * eyes.Shadow);
        using var lid = scene.Easel.Leaf(crease, Reversed(upper));
        scene.Easel.Fill(lid, tint.Alpha(scene.Finish.HasInk ? 0.45f : 0.9f));
    }

    private void DrawBall(Vector2[] upper)
    {
        var motion = scene.Motion;
        var easel = scene.Easel;
        // The iris follows the closing lid, so that a narrow eye still shows where it looks.
        var rest = Shut(0) + (eyes.Height - 0.06f * Half - Shut(0)) * Head.Rise(1.25f * openness);
        var (x, y) = (side * eyes.Spacing + 0.46f * Half * motion.GazeX, rest + 0.3f * Half * motion.GazeY * openness);
        var radius = eyes.IrisSize * Half;
        var (iris, pupil, ring) = (scene.Palette.Iris, Tint.FromHex(0x120E10), scene.Palette.Iris.Darker(0.55f));
        FacePatch.Disc(scene, x, y, radius, ring.Opaque);
        FacePatch.Disc(scene, x, y, radius * 0.84f, iris.Opaque);
        FacePatch.Disc(scene, x, y + 0.3f * radius, radius * 0.52f, iris.Lighter(0.3f).Alpha(0.75f));
        FacePatch.Disc(scene, x, y, radius * 0.48f, pupil.Opaque);
        easel.Stroke(upper, Tint.FromHex(0x3A2A44).Alpha(scene.Finish.HasInk ? 0.14f : 0.26f), 0.2f * Half);
        FacePatch.Disc(scene, x - 0.3f * radius, y - 0.34f * radius, radius * 0.27f, Tint.White.Alpha(0.96f));
        FacePatch.Disc(scene, x + 0.32f * radius, y + 0.36f * radius, radius * 0.13f, Tint.White.Alpha(0.6f));
    }

    private void DrawLines(Vector2[] upper, Vector2[] lower, Vector2[] crease)
    {
        var easel = scene.Easel;
        var dark = Tint.FromHex(0x2A1A18);
        easel.Stroke(crease, scene.Palette.SkinShade.Darker(0.25f).Alpha(0.7f), 0.016f);
        easel.Stroke(lower, dark.Alpha(0.45f), 0.014f);
        var weight = 0.034f + 0.018f * eyes.Lashes;
        easel.Stroke(upper, dark.Opaque, weight);
        if (eyes.Lashes < 0.35f)
            return;
        var outer = At(1, UpperLid(1));
        var lift = 0.1f + 0.08f * eyes.Lashes;
        easel.Stroke([At(0.7f, UpperLid(0.7f)), outer, At(1.18f, UpperLid(1) - lift * Half * 1.6f * (0.3f + openness))], dark.Opaque, weight * 0.8f);
        easel.Stroke([At(0.5f, UpperLid(0.5f)), At(0.82f, UpperLid(0.6f) - lift * Half * (0.2f + openness))], dark.Opaque, weight * 0.6f);
    }
}
