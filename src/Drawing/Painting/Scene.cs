using System.Numerics;
using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Motions;
using SkiaSharp;

namespace HunyuanPortrait.Drawing.Painting;

/// <summary>What every part of a picture needs to draw itself.</summary>
/// <param name="Person">Who.</param>
/// <param name="Motion">Doing what.</param>
/// <param name="Size">Side of the picture, pixels.</param>
/// <param name="Framing">How large.</param>
internal sealed record Scene(Identity Person, Motion Motion, int Size, Framing Framing) : IDisposable
{
    private SKPath? face;
    private SKShader? skin;
    private Easel? easel;

    public Head Head { get; } = new(Person.Face, Motion, Framing, Size);

    public Finish Finish { get; } = Finish.Of(Person.Style);

    public Palette Palette { get; } = new(Person, Finish.Of(Person.Style));

    /// <summary>The canvas in use; the masks are drawn on others than the picture.</summary>
    public Easel Easel
    {
        get => easel ?? throw new InvalidOperationException("The scene has no canvas yet.");
        set => easel = value;
    }

    /// <summary>The head's outline, filled.</summary>
    public SKPath Face => face ??= Easel.Rounded(Head.Outline());

    /// <summary>−1 for the picture's left side, +1 for its right: the side that is farther away first.</summary>
    public ReadOnlySpan<int> FarSideFirst => Head.Turn >= 0 ? [1, -1] : [-1, 1];

    /// <summary>Skin, with light where the style has it.</summary>
    public void FillSkin(SKPath path)
    {
        if (Finish.HasLight)
            Easel.Fill(path, skin ??= SkinLight());
        else
            Easel.Fill(path, Palette.Skin.Opaque);
    }

    /// <summary>An outline, in the styles that have ink.</summary>
    public void Ink(SKPath path, float weight = 1)
    {
        if (Finish.HasInk)
            Easel.Stroke(path, Palette.Ink.Opaque, Finish.InkWidth * weight);
    }

    /// <summary>A fill that falls from light to shade over a distance from the upper left, or an even one.</summary>
    public void FillLit(SKPath path, Tint light, Tint middle, Tint shade, Vector2 from, float reach)
    {
        if (!Finish.HasLight)
        {
            Easel.Fill(path, middle.Opaque);
            return;
        }

        using var shader = SKShader.CreateRadialGradient(
            Easel.Point(from), reach * Head.Unit, [light.Opaque, middle.Opaque, shade.Opaque], [0, 0.5f, 1], SKShaderTileMode.Clamp);
        Easel.Fill(path, shader);
    }

    public void Dispose()
    {
        face?.Dispose();
        skin?.Dispose();
    }

    private SKShader SkinLight()
    {
        var from = Head.Project(new Vector3(0, 0, 0.4f)) + Head.Unit * new Vector2(-0.35f, -0.35f);
        return SKShader.CreateRadialGradient(
            Easel.Point(from), 1.75f * Head.Unit, [Palette.SkinLight.Opaque, Palette.Skin.Opaque, Palette.SkinShade.Opaque], [0, 0.42f, 1], SKShaderTileMode.Clamp);
    }
}
