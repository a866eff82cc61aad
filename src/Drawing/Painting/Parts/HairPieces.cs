using System.Numerics;
using HunyuanPortrait.Drawing.Identities;
using SkiaSharp;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>What single cuts add: points, a quiff, a bun, tails.</summary>
internal sealed class HairPieces(Scene scene, HairStyling styling)
{
    public void DrawBack()
    {
        switch (scene.Person.Hair.Cut)
        {
            case HairCut.Spiky:
                DrawSpikes(isFront: false);
                break;
            case HairCut.Bun:
                DrawBun();
                break;
            case HairCut.Ponytail:
                DrawTail(scene.Person.Hair.Side, new Vector3(0, -0.72f, -0.85f), 0.62f);
                break;
            case HairCut.Pigtails:
                foreach (var side in (ReadOnlySpan<int>)[-1, 1])
                    DrawTail(side, new Vector3(side * (scene.Head.Width(0) + 0.02f), -0.2f, -0.35f), 0.5f);
                break;
            default:
                break;
        }
    }

    public void DrawFront()
    {
        if (scene.Person.Hair.Cut == HairCut.Spiky)
            DrawSpikes(isFront: true);
        else if (scene.Person.Hair.Cut == HairCut.Quiff)
            DrawQuiff();
    }

    private void DrawSpikes(bool isFront)
    {
        foreach (var ring in (ReadOnlySpan<float>)[-0.5f, -0.78f, -0.95f])
        {
            for (var i = -7; i <= 7; i++)
            {
                var azimuth = i * 0.42f + (ring < -0.6f ? 0.21f : 0);
                var isVisible = !scene.Head.IsBeyondHorizon(azimuth, ring) && MathF.Abs(azimuth) < 1.7f;
                var y = isFront && MathF.Abs(azimuth) < 1.2f && ring > -0.6f ? styling.Edge(azimuth) - 0.04f : ring;
                if (isFront != isVisible)
                    continue;
                DrawSpike(azimuth, y, isFront);
            }
        }
    }

    private void DrawSpike(float azimuth, float y, bool isFront)
    {
        Vector2 At(float a, float height, float lift) => scene.Head.Project(scene.Head.InSpace(a, Math.Max(height, -0.99f), lift));
        var tip = isFront ? At(azimuth * 1.06f, y - 0.16f, styling.Lift + 0.2f) : At(azimuth, y - 0.1f, styling.Lift + 0.3f);
        using var spike = scene.Easel.Polygon([At(azimuth - 0.27f, y, 0.5f * styling.Lift), tip, At(azimuth + 0.27f, y, 0.5f * styling.Lift)]);
        scene.Easel.Fill(spike, (isFront ? scene.Palette.Hair : scene.Palette.HairShade).Opaque);
        if (scene.Finish.HasInk)
            scene.Easel.Stroke(spike, scene.Palette.Ink.Alpha(isFront ? 0.4f : 0.9f), 0.02f);
    }

    /// <summary>The quiff in one colour, for the masks.</summary>
    public void CoverFront(SKColor colour)
    {
        if (scene.Person.Hair.Cut != HairCut.Quiff)
            return;
        using var quiff = Quiff();
        scene.Easel.Fill(quiff, colour);
    }

    private Vector2 QuiffFoot(float azimuth) => scene.Head.OnSkull(azimuth, styling.Edge(azimuth) + 0.01f, 0.03f);

    private Vector2 QuiffTop(float azimuth, float y, float height) => scene.Head.Project(scene.Head.InSpace(azimuth, y, styling.Lift + height));

    private SKPath Quiff()
    {
        var lean = 0.1f * scene.Person.Hair.Side;
        return scene.Easel.Loop(
        [
            QuiffFoot(-0.85f), QuiffFoot(-0.4f), QuiffFoot(0), QuiffFoot(0.4f), QuiffFoot(0.85f), QuiffTop(0.95f, -0.7f, 0.06f),
            QuiffTop(0.5f, -0.86f, 0.2f + lean), QuiffTop(0, -0.9f, 0.3f), QuiffTop(-0.5f, -0.86f, 0.2f - lean), QuiffTop(-0.95f, -0.7f, 0.06f),
        ]);
    }

    private void DrawQuiff()
    {
        var side = scene.Person.Hair.Side;
        using var quiff = Quiff();
        FillHair(quiff);
        scene.Easel.Within(quiff, () =>
        {
            for (var azimuth = -0.7f; azimuth < 0.8f; azimuth += 0.28f)
            {
                var colour = scene.Finish.HasInk ? scene.Palette.Ink.Alpha(0.6f) : scene.Palette.HairShade.Alpha(0.5f);
                Vector2[] strand = [QuiffFoot(azimuth), QuiffTop(azimuth + 0.1f * side, -0.75f, 0.14f), QuiffTop(0.6f * azimuth + 0.3f * side, -0.9f, 0.27f)];
                scene.Easel.Stroke(strand, colour, scene.Finish.HasBrushwork ? 0.05f : 0.022f);
            }
        });
    }

    private void DrawBun()
    {
        var centre = scene.Head.Project(new Vector3(0, -1.2f, -0.3f));
        var radius = 0.28f + 0.08f * scene.Person.Hair.Length;
        using var bun = Circle(centre, radius);
        FillHair(bun);
        for (var i = 1; i <= 2; i++)
        {
            using var turn = Circle(centre + scene.Head.Unit * new Vector2(0.02f * i, 0.03f * i), radius * (1 - 0.3f * i));
            scene.Easel.Stroke(turn, scene.Finish.HasInk ? scene.Palette.Ink.Alpha(0.6f) : scene.Palette.HairShade.Alpha(0.7f), 0.025f);
        }
    }

    private void DrawTail(float side, Vector3 root, float spread)
    {
        var length = 0.9f + 0.6f * scene.Person.Hair.Length;
        Vector2 At(float x, float y) => scene.Head.Project(root + new Vector3(side * x, y, -0.15f));
        using var tail = scene.Easel.Loop(
            [At(-0.05f, -0.08f), At(0.2f, -0.2f), At(spread, 0.05f), At(spread + 0.1f, 0.55f * length), At(spread - 0.1f, length),
                At(spread - 0.3f, 0.6f * length), At(0.15f, 0.2f)]);
        FillHair(tail);
        var strand = scene.Finish.HasInk ? scene.Palette.Ink.Alpha(0.6f) : scene.Palette.HairShade.Alpha(0.6f);
        scene.Easel.Stroke([At(0.1f, -0.05f), At(spread - 0.12f, 0.15f), At(spread - 0.08f, 0.6f * length), At(spread - 0.12f, 0.9f * length)], strand, 0.025f);
        scene.Easel.Disc(scene.Head.Project(root + new Vector3(side * 0.06f, 0, 0)), 0.09f, scene.Palette.Trim.Opaque);
    }

    private SKPath Circle(Vector2 centre, float radius)
    {
        var points = new Vector2[10];
        for (var i = 0; i < points.Length; i++)
        {
            var (sine, cosine) = MathF.SinCos(2 * MathF.PI * i / points.Length);
            points[i] = centre + radius * scene.Head.Unit * new Vector2(cosine, sine);
        }

        return scene.Easel.Loop(points);
    }

    private void FillHair(SKPath path)
    {
        scene.FillLit(path, scene.Palette.HairLight, scene.Palette.Hair, scene.Palette.HairShade, scene.Head.Project(new Vector3(-0.4f, -1, 0.4f)), 1.5f);
        scene.Ink(path);
    }
}
