using System.Numerics;
using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>Neck, shoulders and clothes. They follow the head a little.</summary>
internal sealed class BodyPart
{
    private readonly Scene scene;
    private readonly Vector2 centre;
    private readonly float unit;

    public BodyPart(Scene scene)
    {
        this.scene = scene;
        unit = scene.Head.Unit;
        var motion = scene.Motion;
        centre = scene.Size * new Vector2(0.5f + 0.8f * motion.ShiftX, scene.Framing.CentreY + 0.8f * motion.ShiftY)
            + unit * new Vector2(0.1f * motion.Yaw + 0.12f * motion.Roll, 0);
    }

    public void Draw()
    {
        var clothes = scene.Person.Clothes;
        var neck = scene.Person.Face.NeckHalfWidth;
        if (clothes.Garment == Garment.Hoodie)
            DrawHood(neck);
        DrawNeck(neck);
        var (left, right) = (Shoulder(-1, neck), Shoulder(1, neck));
        Vector2[] neckline = Neckline(neck);
        Vector2[] over = [.. left.Reverse(), .. neckline, .. right];
        using (var torso = scene.Easel.Leaf(over, [At(clothes.Width + 0.3f, 3.5f), At(-clothes.Width - 0.3f, 3.5f)]))
        {
            scene.FillLit(torso, scene.Palette.Cloth.Lighter(0.14f), scene.Palette.Cloth, scene.Palette.Cloth.Darker(0.3f), At(-0.8f, 1.2f), 2.6f);
            scene.Easel.Within(torso, () =>
            {
                if (clothes.IsStriped)
                    DrawStripes();
                Brushwork.DrawCloth(scene, At);
            });
            scene.Ink(torso);
        }

        DrawCollar(neck, neckline);
    }

    private Vector2 At(float x, float y) => centre + unit * new Vector2(x, y);

    private Vector2[] Shoulder(int side, float neck)
    {
        var width = scene.Person.Clothes.Width;
        return [At(side * (neck + 0.2f), 1.24f), At(side * (0.55f * (neck + width) + 0.05f), 1.36f), At(side * width, 1.55f),
            At(side * (width + 0.2f), 2.0f), At(side * (width + 0.28f), 2.8f)];
    }

    private Vector2[] Neckline(float neck) => scene.Person.Clothes.Garment switch
    {
        Garment.VNeck => [At(-neck - 0.06f, 1.19f), At(-0.5f * neck, 1.42f), At(0, 1.72f), At(0.5f * neck, 1.42f), At(neck + 0.06f, 1.19f)],
        Garment.Shirt => [At(-neck - 0.03f, 1.14f), At(-0.55f * neck, 1.3f), At(0, 1.52f), At(0.55f * neck, 1.3f), At(neck + 0.03f, 1.14f)],
        Garment.Turtleneck => [At(-neck - 0.03f, 1.1f), At(-0.5f * neck, 1.14f), At(0, 1.15f), At(0.5f * neck, 1.14f), At(neck + 0.03f, 1.1f)],
        Garment.Hoodie => [At(-neck - 0.08f, 1.18f), At(-0.5f * neck, 1.36f), At(0, 1.42f), At(0.5f * neck, 1.36f), At(neck + 0.08f, 1.18f)],
        _ => [At(-neck - 0.05f, 1.19f), At(-0.5f * neck, 1.32f), At(0, 1.36f), At(0.5f * neck, 1.32f), At(neck + 0.05f, 1.19f)],
    };

    private void DrawNeck(float neck)
    {
        var head = scene.Head;
        Vector2 Under(float x, float y) => head.Project(new Vector3(x * neck, y, -0.15f));
        using var path = scene.Easel.Leaf(
            [Under(-0.95f, 0.3f), Under(-0.95f, 0.8f), At(-neck, 1.12f), At(-neck - 0.16f, 1.32f), At(-neck - 0.3f, 1.8f)],
            [At(neck + 0.3f, 1.8f), At(neck + 0.16f, 1.32f), At(neck, 1.12f), Under(0.95f, 0.8f), Under(0.95f, 0.3f)]);
        scene.Easel.Fill(path, scene.Finish.HasInk ? scene.Palette.Skin.Opaque : scene.Palette.Skin.Mix(scene.Palette.SkinShade, 0.3f).Opaque);
        scene.Ink(path, 0.8f);
        scene.Easel.Within(path, () =>
        {
            var canvas = scene.Easel.Canvas;
            canvas.Save();
            canvas.Translate(0.05f * unit, 0.17f * unit);
            scene.Easel.Fill(scene.Face, scene.Palette.SkinShade.Darker(0.1f).Alpha(scene.Finish.HasInk ? 0.35f : 0.75f));
            canvas.Restore();
        });
    }

    private void DrawCollar(float neck, Vector2[] neckline)
    {
        var (easel, palette) = (scene.Easel, scene.Palette);
        switch (scene.Person.Clothes.Garment)
        {
            case Garment.Shirt:
                foreach (var side in (ReadOnlySpan<int>)[-1, 1])
                {
                    using var point = easel.Polygon([At(side * (neck + 0.06f), 1.06f), At(side * (neck + 0.22f), 1.24f), At(side * 0.34f, 1.6f),
                        At(side * 0.02f, 1.52f)]);
                    easel.Fill(point, palette.Cloth.Lighter(0.25f).Opaque);
                    easel.Stroke(point, scene.Finish.HasInk ? palette.Ink.Opaque : palette.Cloth.Darker(0.3f).Alpha(0.6f), 0.018f);
                }

                break;
            case Garment.Turtleneck:
                using (var roll = easel.Leaf([At(-neck - 0.06f, 1.02f), At(0, 1.1f), At(neck + 0.06f, 1.02f)],
                    [At(neck + 0.14f, 1.3f), At(0, 1.4f), At(-neck - 0.14f, 1.3f)]))
                {
                    scene.FillLit(roll, palette.Cloth.Lighter(0.2f), palette.Cloth.Lighter(0.06f), palette.Cloth.Darker(0.25f), At(-0.6f, 1), 1.6f);
                    scene.Ink(roll, 0.8f);
                }

                break;
            default:
                easel.Stroke(neckline, scene.Finish.HasInk ? palette.Trim.Darker(0.1f).Opaque : palette.Trim.Opaque, 0.065f);
                if (scene.Finish.HasInk)
                    easel.Stroke(neckline, palette.Ink.Opaque, 0.02f);
                break;
        }
    }

    private void DrawHood(float neck)
    {
        using var hood = scene.Easel.Loop([At(-neck - 0.42f, 0.95f), At(0, 0.6f), At(neck + 0.42f, 0.95f), At(neck + 0.5f, 1.35f), At(0, 1.6f),
            At(-neck - 0.5f, 1.35f)]);
        scene.Easel.Fill(hood, scene.Palette.Cloth.Darker(0.2f).Opaque);
        scene.Ink(hood);
    }

    private void DrawStripes()
    {
        for (var i = 0; i < 4; i++)
        {
            var y = 1.5f + 0.28f * i;
            scene.Easel.Stroke([At(-2, y + 0.12f), At(0, y), At(2, y + 0.12f)], scene.Palette.Trim.Alpha(0.85f), 0.1f);
        }
    }
}
