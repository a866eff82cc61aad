using System.Numerics;
using HunyuanPortrait.Drawing.Identities;
using SkiaSharp;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>Hair: what hangs behind the head, what lies on it, and what falls over the face. All of it is anchored on the skull.</summary>
internal sealed class HairPart : IDisposable
{
    private const int EdgePoints = 33;
    private readonly Scene scene;
    private readonly HairStyling styling;
    private readonly HairCut cut;
    private readonly bool isBald;
    private SKPath? cap;
    private SKPath? front;

    public HairPart(Scene scene)
    {
        this.scene = scene;
        cut = scene.Person.Hair.Cut;
        styling = HairStyling.Of(scene.Person);
        isBald = cut == HairCut.Bald;
    }

    public bool HidesEars => styling.HidesEars;

    private SKPath Cap => cap ??= scene.Easel.Rounded(scene.Head.Outline(styling.Lowest, styling.Lift));

    public void Dispose()
    {
        cap?.Dispose();
        front?.Dispose();
    }

    /// <summary>Behind head, neck and clothes.</summary>
    public void DrawBack()
    {
        if (isBald || cut == HairCut.Buzz)
            return;
        if (styling.Falls)
            DrawFall();
        new HairPieces(scene, styling).DrawBack();
        if (styling.IsCurly)
            new Curls(scene, styling).DrawBack();
        else
            Fill(Cap, isShadowed: true);
    }

    /// <summary>On the head and over the face.</summary>
    public void DrawFront()
    {
        if (isBald)
            return;
        var edge = Edge();
        var area = front ??= Above(edge);
        if (cut == HairCut.Buzz)
        {
            scene.Easel.Within(Cap, () => scene.Easel.Fill(area, scene.Palette.Hair.Alpha(0.62f)));
            return;
        }

        scene.Easel.Within(scene.Face, () => scene.Easel.Stroke(edge, scene.Palette.SkinShade.Darker(0.1f).Alpha(0.4f), 0.13f));
        scene.Easel.Within(Cap, () =>
        {
            Fill(area);
            Strands.Draw(scene, styling);
            scene.Ink(area, 0.9f);
        });
        if (styling.IsCurly)
            new Curls(scene, styling).DrawFront();
        else if (scene.Finish.HasInk)
            scene.Easel.Within(area, () => scene.Ink(Cap));
        new HairPieces(scene, styling).DrawFront();
        if (styling.Falls)
        {
            foreach (var side in scene.FarSideFirst)
                DrawCurtain(side);
        }
    }

    /// <summary>Everything in front in one colour, for the masks.</summary>
    public void CoverFront(SKColor colour)
    {
        if (isBald)
            return;
        var area = front ??= Above(Edge());
        scene.Easel.Within(Cap, () => scene.Easel.Fill(area, colour));
        new HairPieces(scene, styling).CoverFront(colour);
        if (!styling.Falls)
            return;
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            var (inner, outer) = Curtain(side);
            using var curtain = scene.Easel.Leaf(inner, outer);
            scene.Easel.Fill(curtain, colour);
        }
    }

    private Vector2[] Edge()
    {
        var (low, high) = scene.Head.Horizon(0);
        var points = new Vector2[EdgePoints];
        for (var i = 0; i < EdgePoints; i++)
        {
            var azimuth = low + (high - low) * i / (EdgePoints - 1);
            points[i] = scene.Head.OnSkull(azimuth, styling.Edge(azimuth), 0.3f * MathF.Min(styling.Lift, 0.12f));
        }

        return points;
    }

    private SKPath Above(Vector2[] edge)
    {
        var (right, up) = (3 * scene.Head.Right, -4 * scene.Head.Down);
        return scene.Easel.Leaf(edge, [edge[^1] + right, edge[^1] + right + up, edge[0] - right + up, edge[0] - right]);
    }

    private void Fill(SKPath path, bool isShadowed = false)
    {
        var palette = scene.Palette;
        var from = scene.Head.Project(new Vector3(-0.4f, -0.85f, 0.4f));
        if (isShadowed)
            scene.FillLit(path, palette.Hair, palette.HairShade, palette.HairShade.Darker(0.25f), from, 2.2f);
        else
            scene.FillLit(path, palette.HairLight, palette.Hair, palette.HairShade, from, 1.5f);
        scene.Ink(path);
    }

    private void DrawFall()
    {
        var head = scene.Head;
        var reach = head.Width(0) + styling.Lift;
        var flare = 0.1f + 0.16f * scene.Person.Hair.Volume;
        Span<Vector2> points = stackalloc Vector2[3 * 18];
        for (var i = 0; i < 18; i++)
        {
            var (sine, cosine) = MathF.SinCos(MathF.PI * (0.5f + i / 17f));
            points[3 * i] = head.Project(new Vector3(-reach * sine, -0.2f, 0.95f * cosine));
            points[3 * i + 1] = head.Project(new Vector3(-(reach + flare) * sine, 0.75f * styling.Fall, 0.95f * cosine));
            points[3 * i + 2] = head.Project(new Vector3(-(reach + 0.7f * flare) * sine, styling.Fall, 0.9f * cosine));
        }

        using var mass = scene.Easel.Rounded(ConvexHull.Around(points));
        Fill(mass, isShadowed: true);
        if (cut == HairCut.Wavy)
            DrawWaves(reach + flare);
    }

    /// <summary>A lock in waves along each side of the fall.</summary>
    private void DrawWaves(float reach)
    {
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            Vector2 At(float x, float y) => scene.Head.Project(new Vector3(side * x, y, -0.2f));
            var fall = styling.Fall;
            using var wave = scene.Easel.Leaf(
                [At(reach - 0.25f, -0.4f), At(reach - 0.06f, -0.1f), At(reach + 0.12f, 0.22f * fall), At(reach - 0.02f, 0.42f * fall),
                    At(reach + 0.16f, 0.64f * fall), At(reach + 0.02f, 0.84f * fall), At(reach + 0.1f, 1.04f * fall)],
                [At(reach - 0.2f, 1.02f * fall), At(reach - 0.3f, 0.5f * fall), At(reach - 0.4f, -0.3f)]);
            Fill(wave, isShadowed: true);
        }
    }

    /// <summary>Hair that falls in front of the ear: its edge on the face downwards, and the outer one upwards.</summary>
    private (Vector2[] Inner, Vector2[] Outer) Curtain(int side)
    {
        var head = scene.Head;
        var (width, fall) = (head.Width(0), styling.Fall);
        Vector2 At(float x, float y, float z) => head.Project(new Vector3(side * x, y, z));
        var wave = cut == HairCut.Wavy ? 0.07f : 0;
        var inner = width - 0.02f;
        // Turned away, the outer edge would fall behind the inner one.
        var back = -0.1f + 0.34f * Head.Rise(2 * side * head.Turn);
        return (
            [
                head.OnSkull(side * 0.8f, -0.62f, styling.Lift), head.OnSkull(side * 1.0f, -0.3f, 0.05f), At(inner, 0.05f, 0.26f),
                At(inner - 0.04f + wave, 0.4f, 0.24f),
                At(inner - 0.08f - wave, 0.75f * MathF.Min(fall, 1), 0.2f), At(inner - (fall < 1.1f ? 0.16f : 0.05f), fall, 0.12f),
            ],
            [
                At(inner + 0.14f, fall + 0.03f, 0.1f + back), At(width + styling.Lift + 0.09f + wave, 0.75f * fall, back),
                At(width + styling.Lift + 0.06f, 0.35f * fall, back),
                At(width + styling.Lift, -0.1f, back), head.OnSkull(side * 1.5f, -0.5f, styling.Lift),
            ]);
    }

    private void DrawCurtain(int side)
    {
        var (inner, outer) = Curtain(side);
        using var curtain = scene.Easel.Leaf(inner, outer);
        var palette = scene.Palette;
        scene.FillLit(curtain, palette.HairLight, palette.Hair, palette.HairShade, scene.Head.Project(new Vector3(-0.4f, -0.85f, 0.4f)), 1.5f);
        // No line across the top: there it is one with the hair on the head.
        if (scene.Finish.HasInk)
            scene.Easel.Stroke([.. inner[1..], .. outer[..^1]], scene.Palette.Ink.Opaque, 0.9f * scene.Finish.InkWidth);
        scene.Easel.Within(curtain, () => Strands.DrawCurtain(scene, styling, side));
    }
}
