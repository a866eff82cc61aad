using System.Numerics;
using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Painting.Parts;

/// <summary>Glasses stand in front of the face and turn with it.</summary>
internal static class GlassesPart
{
    private const int Corners = 20;

    public static void Draw(Scene scene)
    {
        var accessories = scene.Person.Accessories;
        if (accessories.Glasses == Glasses.None)
            return;
        var (easel, colour) = (scene.Easel, accessories.GlassesColour.Opaque);
        var width = accessories.Glasses == Glasses.Round ? 0.028f : 0.038f;
        foreach (var side in scene.FarSideFirst)
        {
            using var lens = easel.Loop(Lens(scene, side));
            easel.Fill(lens, Tint.FromHex(0xDDEFFA).Alpha(0.14f));
            easel.Stroke(lens, colour, width);
            easel.Stroke([At(scene, side * (Inner(scene) + 2 * Radius(scene) - 0.01f), -0.06f), Temple(scene, side)], colour, width);
        }

        easel.Stroke([At(scene, -Inner(scene), -0.03f), At(scene, 0, -0.07f), At(scene, Inner(scene), -0.03f)], colour, width);
    }

    private static float Radius(Scene scene) => scene.Person.Eyes.HalfWidth * (1.22f + 0.16f * scene.Person.Accessories.GlassesSize);

    private static float Inner(Scene scene) => MathF.Max(0.05f, scene.Person.Eyes.Spacing - Radius(scene));

    private static Vector2[] Lens(Scene scene, int side)
    {
        var (kind, radius) = (scene.Person.Accessories.Glasses, Radius(scene));
        var points = new Vector2[Corners];
        for (var i = 0; i < Corners; i++)
        {
            var (sine, cosine) = MathF.SinCos(2 * MathF.PI * i / Corners);
            var (x, y) = kind switch
            {
                Glasses.Square => (Squared(cosine), 0.78f * Squared(sine)),
                Glasses.CatEye => (Squared(cosine), 0.78f * Squared(sine) - 0.22f * MathF.Max(0, cosine) * MathF.Max(0, -sine + 0.3f)),
                _ => (cosine, 0.98f * sine),
            };
            points[i] = At(scene, side * (Inner(scene) + radius + radius * x), radius * y);
        }

        return points;
    }

    private static float Squared(float value) => MathF.Sign(value) * MathF.Pow(MathF.Abs(value), 0.55f);

    private static Vector2 At(Scene scene, float x, float dy) =>
        scene.Head.Project(new Vector3(x, scene.Person.Eyes.Height + dy, 0.92f - 0.3f * x * x));

    private static Vector2 Temple(Scene scene, int side)
    {
        var y = scene.Person.Eyes.Height - 0.05f;
        return scene.Head.IsBeyondHorizon(side * 1.35f, y)
            ? scene.Head.OnSkull(side * 1.35f, y, 0.02f)
            : scene.Head.Project(scene.Head.InSpace(side * 1.5f, y, 0.03f));
    }
}
