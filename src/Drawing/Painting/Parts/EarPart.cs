using System.Numerics;
using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>One ear and what hangs on it.</summary>
internal static class EarPart
{
    private const float Height = 0.12f;

    /// <summary>Draws the ear. The far one belongs behind the head, the near one on it; at the turning point both look alike.</summary>
    public static void Draw(Scene scene, int side)
    {
        var ry = scene.Person.Face.EarSize;
        using var ear = scene.Easel.Loop(Ellipse(scene, side, 1, ry, 12));
        scene.FillSkin(ear);
        scene.Ink(ear, 0.8f);
        Vector2[] fold = [.. Ellipse(scene, side, 0.62f, ry * 0.62f, 12)[8..], .. Ellipse(scene, side, 0.62f, ry * 0.62f, 12)[..4]];
        var shade = scene.Finish.HasInk ? scene.Palette.Ink.Alpha(0.7f) : scene.Palette.SkinShade.Darker(0.2f).Alpha(0.75f);
        scene.Easel.Stroke(fold, shade, 0.022f);
    }

    public static void DrawEarring(Scene scene, int side)
    {
        var accessories = scene.Person.Accessories;
        if (accessories.Earrings == Earrings.None)
            return;
        var lobe = scene.Head.Project(Centre(scene, side) + new Vector3(side * 0.05f, scene.Person.Face.EarSize * 0.95f, 0.02f));
        var (easel, unit, tint) = (scene.Easel, scene.Head.Unit, accessories.EarringColour);
        switch (accessories.Earrings)
        {
            case Earrings.Studs:
                easel.Disc(lobe, 0.04f, tint.Opaque);
                easel.Disc(lobe - unit * new Vector2(0.012f, 0.012f), 0.015f, Tint.White.Alpha(0.8f));
                break;
            case Earrings.Hoops:
                var hoop = new Vector2[10];
                for (var i = 0; i < hoop.Length; i++)
                {
                    var (sine, cosine) = MathF.SinCos(2 * MathF.PI * i / hoop.Length);
                    hoop[i] = lobe + unit * new Vector2(0.075f * cosine, 0.11f + 0.11f * sine);
                }

                using (var ring = easel.Loop(hoop))
                    easel.Stroke(ring, tint.Opaque, 0.03f);
                break;
            default:
                easel.Stroke([lobe, lobe + unit * new Vector2(0, 0.1f)], tint.Darker(0.2f).Opaque, 0.02f);
                easel.Disc(lobe + unit * new Vector2(0, 0.15f), 0.055f, tint.Opaque);
                easel.Disc(lobe + unit * new Vector2(-0.015f, 0.135f), 0.018f, Tint.White.Alpha(0.75f));
                break;
        }
    }

    private static Vector3 Centre(Scene scene, int side) => new(side * 1.0f * scene.Head.Width(Height), Height, -0.12f);

    private static Vector2[] Ellipse(Scene scene, int side, float share, float ry, int count)
    {
        var outwards = new Vector3(side * 0.82f, 0, -0.57f);
        var centre = Centre(scene, side) + 0.02f * outwards;
        var points = new Vector2[count];
        for (var i = 0; i < count; i++)
        {
            var (sine, cosine) = MathF.SinCos(2 * MathF.PI * i / count);
            var lean = sine < 0 ? 0.05f * -sine : 0;
            points[i] = scene.Head.Project(centre + (0.56f * scene.Person.Face.EarSize * share * cosine + lean) * outwards + new Vector3(0, ry * sine, 0));
        }

        return points;
    }
}
