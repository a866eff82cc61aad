using System.Numerics;
using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>The strokes of the painted style: those of the background stay, those of the skin turn with the head.</summary>
internal static class Brushwork
{
    public static void DrawBackdrop(Scene scene)
    {
        if (!scene.Finish.HasBrushwork)
            return;
        var draws = new FactorDraws(scene.Person.Number, DrawPurpose.Strokes, 4);
        var reach = scene.Size / scene.Head.Unit;
        for (var i = 0; i < 22; i++)
        {
            var start = scene.Size * new Vector2(draws.Between(-0.1f, 1), draws.Between(-0.05f, 1.05f));
            var lean = scene.Size * new Vector2(draws.Between(0.15f, 0.4f), draws.Between(-0.16f, 0.06f));
            var tint = scene.Palette.Backdrop.Mix(scene.Palette.BackdropOther, draws.Unit()).Mix(draws.Chance(0.5f) ? Tint.White : Tint.Black, draws.Between(0, 0.13f));
            scene.Easel.Stroke([start, start + 0.5f * lean + 0.02f * scene.Size * Vector2.UnitY, start + lean], tint.Alpha(0.4f), draws.Between(0.06f, 0.15f) * reach);
        }
    }

    public static void DrawSkin(Scene scene)
    {
        if (!scene.Finish.HasBrushwork)
            return;
        var draws = new FactorDraws(scene.Person.Number, DrawPurpose.Strokes, 5);
        var (head, palette) = (scene.Head, scene.Palette);
        scene.Easel.Within(scene.Face, () =>
        {
            for (var i = 0; i < 26; i++)
            {
                var azimuth = draws.Between(-1.35f, 1.35f);
                var y = draws.Between(-0.55f, 0.9f);
                var shade = azimuth > 0.55f || y > 0.75f;
                var tint = shade ? palette.SkinShade.Mix(Tint.FromHex(0x7A4A78), draws.Between(0, 0.3f)) : palette.SkinLight.Mix(Tint.FromHex(0xFFB58A), draws.Between(0, 0.5f));
                Vector2[] stroke = [head.OnSkull(azimuth, y), head.OnSkull(azimuth * 0.94f, y + 0.1f), head.OnSkull(azimuth * 0.85f, y + 0.2f)];
                scene.Easel.Stroke(stroke, tint.Alpha(shade ? 0.24f : 0.3f), draws.Between(0.06f, 0.12f));
            }
        });
    }
}
