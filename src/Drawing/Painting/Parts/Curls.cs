using System.Numerics;
using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>Round tufts, anchored on the skull so that they turn with it.</summary>
internal sealed class Curls
{
    private const int PerRing = 14;
    private readonly Scene scene;
    private readonly float lift, radius;
    private readonly List<(float Azimuth, float Y, float Size)> tufts = [];
    private readonly HairStyling styling;

    public Curls(Scene scene, HairStyling styling)
    {
        (this.scene, this.styling) = (scene, styling);
        var isAfro = scene.Person.Hair.Cut == HairCut.Afro;
        lift = styling.Lift * (isAfro ? 0.9f : 0.7f);
        radius = isAfro ? 0.2f : 0.17f;
        var draws = new FactorDraws(scene.Person.Number, DrawPurpose.Strokes, 3);
        for (var ring = 0; ring < (isAfro ? 6 : 5); ring++)
        {
            var y = -0.97f + 0.24f * ring;
            for (var i = 0; i < PerRing; i++)
                tufts.Add(((i + 0.5f * (ring % 2) + draws.Between(-0.2f, 0.2f)) * 2 * MathF.PI / PerRing - MathF.PI, y + draws.Between(-0.05f, 0.05f),
                    draws.Between(0.85f, 1.2f)));
        }
        // A row along the hairline, so that no smooth skull shows between curls and forehead.
        for (var azimuth = -1.5f; azimuth <= 1.5f; azimuth += 0.25f)
            tufts.Add((azimuth, MathF.Max(-0.97f, styling.Edge(azimuth) - draws.Between(0.06f, 0.12f)), draws.Between(0.6f, 0.8f)));
        for (var azimuth = -1.05f; azimuth <= 1.05f; azimuth += 0.42f)
            tufts.Add((azimuth, MathF.Max(-0.97f, styling.Edge(azimuth) - draws.Between(0.2f, 0.3f)), draws.Between(0.8f, 1f)));
    }

    /// <summary>All tufts: only those at the rim remain visible.</summary>
    public void DrawBack()
    {
        if (scene.Finish.HasInk)
        {
            foreach (var (azimuth, y, size) in tufts)
                scene.Easel.Disc(Place(azimuth, y), radius * size + scene.Finish.InkWidth * 0.7f, scene.Palette.Ink.Opaque);
        }

        foreach (var (azimuth, y, size) in tufts)
            scene.Easel.Disc(Place(azimuth, y), radius * size, (scene.Finish.HasInk ? scene.Palette.Hair : scene.Palette.HairShade).Opaque);
    }

    /// <summary>Those above the hairline and turned to the viewer.</summary>
    public void DrawFront()
    {
        var index = 0;
        foreach (var (azimuth, y, size) in tufts.OrderBy(tuft => tuft.Y))
        {
            index++;
            if (y > styling.Edge(azimuth) - 0.02f || scene.Head.IsBeyondHorizon(azimuth, y))
                continue;
            DrawTuft(Place(azimuth, y), radius * size, index);
        }
    }

    private void DrawTuft(Vector2 centre, float size, int index)
    {
        var (easel, palette, unit) = (scene.Easel, scene.Palette, scene.Head.Unit);
        var light = scene.Finish.HasInk ? palette.Hair : palette.Hair.Mix(index % 2 == 0 ? palette.HairLight : palette.HairShade, 0.3f);
        easel.Disc(centre, size, light.Opaque);
        var curl = new Vector2[6];
        for (var i = 0; i < curl.Length; i++)
        {
            var angle = 0.9f * i + index;
            curl[i] = centre + unit * size * (0.75f - 0.09f * i) * new Vector2(MathF.Cos(angle), MathF.Sin(angle));
        }

        easel.Stroke(curl, scene.Finish.HasInk ? palette.Ink.Alpha(0.6f) : (index % 2 == 0 ? palette.HairShade : palette.HairLight).Alpha(0.55f), 0.022f);
    }

    private Vector2 Place(float azimuth, float y) => scene.Head.Project(scene.Head.InSpace(azimuth, y, lift));
}
