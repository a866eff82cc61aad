using System.Numerics;
using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>The strokes of the painted style: those of the background stay, those of skin and clothes go with the person.</summary>
internal static class Brushwork
{
    private const int BackdropStrokes = 16;
    private const int SkinStrokes = 22;

    public static void DrawBackdrop(Scene scene)
    {
        if (!scene.Finish.HasBrushwork)
            return;
        var draws = new FactorDraws(scene.Person.Number, DrawPurpose.Strokes, 4);
        var reach = scene.Size / scene.Head.Unit;
        for (var i = 0; i < BackdropStrokes; i++)
        {
            var middle = scene.Size * new Vector2(draws.Unit(), (i + draws.Unit()) / BackdropStrokes);
            var along = scene.Size * new Vector2(draws.Between(0.2f, 0.4f), draws.Between(-0.22f, -0.02f));
            var across = Vector2.Normalize(new Vector2(-along.Y, along.X)) * scene.Size;
            var tint = scene.Palette.Backdrop.Mix(scene.Palette.BackdropOther, draws.Unit());
            var width = draws.Between(0.08f, 0.16f);
            scene.Easel.Dab([middle - along, middle + 0.03f * across, middle + along], tint.Alpha(0.55f), width * reach);
            foreach (var bristle in (ReadOnlySpan<float>)[-0.36f, 0.05f, 0.4f])
            {
                var offset = bristle * width * across;
                var shade = tint.Mix(draws.Chance(0.5f) ? Tint.White : Tint.Black, draws.Between(0.05f, 0.16f));
                scene.Easel.Dab([middle - 0.95f * along + offset, middle + 0.03f * across + offset, middle + 0.97f * along + offset],
                    shade.Alpha(0.3f), 0.012f * reach);
            }
        }
    }

    /// <summary>Broad strokes around the face: warm in the light, cool in the shade, redder on cheeks and nose.</summary>
    public static void DrawSkin(Scene scene)
    {
        if (!scene.Finish.HasBrushwork)
            return;
        var draws = new FactorDraws(scene.Person.Number, DrawPurpose.Strokes, 5);
        var (head, palette) = (scene.Head, scene.Palette);
        scene.Easel.Within(scene.Face, () =>
        {
            for (var i = 0; i < SkinStrokes; i++)
            {
                var (azimuth, y) = (draws.Between(-1.3f, 1.3f), draws.Between(-0.5f, 0.88f));
                var light = 0.55f - 0.45f * azimuth - 0.45f * MathF.Max(0, y - 0.2f);
                var warm = MathF.Exp(-8 * (y - 0.35f) * (y - 0.35f));
                var tint = palette.SkinShade.Mix(Tint.FromHex(0x6A4A86), 0.12f)
                    .Mix(palette.SkinLight, Math.Clamp(light, 0, 1)).Mix(Tint.FromHex(0xD8584A), 0.16f * warm);
                var (reach, drop) = (draws.Between(0.22f, 0.4f), draws.Between(0.02f, 0.16f));
                Vector2[] stroke = [head.OnSkull(azimuth - reach, y - drop), head.OnSkull(azimuth, y + 0.03f), head.OnSkull(azimuth + reach, y - drop)];
                scene.Easel.Dab(stroke, tint.Alpha(0.22f), draws.Between(0.1f, 0.2f));
            }
        });
    }

    /// <summary>Folds of cloth.</summary>
    /// <param name="scene">Whose.</param>
    /// <param name="at">From body coordinates to the picture.</param>
    public static void DrawCloth(Scene scene, Func<float, float, Vector2> at)
    {
        if (!scene.Finish.HasBrushwork)
            return;
        var draws = new FactorDraws(scene.Person.Number, DrawPurpose.Strokes, 6);
        for (var i = 0; i < 12; i++)
        {
            var (x, y) = (draws.Between(-1.5f, 1.5f), draws.Between(1.25f, 1.8f));
            var tint = scene.Palette.Cloth.Mix(draws.Chance(0.5f) ? Tint.White : Tint.Black, draws.Between(0.08f, 0.25f));
            scene.Easel.Dab([at(x, y), at(1.12f * x, y + 0.2f), at(1.2f * x, y + 0.45f)], tint.Alpha(0.4f), draws.Between(0.06f, 0.14f));
        }
    }
}
