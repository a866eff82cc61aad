using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.PasteBack;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>A generated picture → the picture that is written (SPEC §10), which the next one overwrites.</summary>
/// <param name="background">Where it is pasted back; null for the face alone.</param>
/// <param name="width">What the face alone is scaled to; null leaves it as it is.</param>
internal sealed class Composition(Background? background, int? width = null)
{
    private readonly PasteBackComposer? composer = background is null ? null : new PasteBackComposer(background.Portrait, background.Place);
    private readonly Enlargement? enlargement = width is { } pixels ? new Enlargement(pixels) : null;
    private readonly RgbImage? composed = background is null ? null : RgbImage.Black(background.Portrait.Width, background.Portrait.Height);

    public RgbImage Of(RgbImage generated)
    {
        if (composed is null)
            return enlargement?.Of(generated) ?? generated;
        composer!.Compose(generated, composed);
        return composed;
    }
}

/// <summary>Where the generated face is pasted back.</summary>
internal sealed record Background(RgbImage Portrait, PixelRegion Place);
