using System.Numerics;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Motions;
using HunyuanPortrait.Drawing.Painting.Parts;
using SkiaSharp;

namespace HunyuanPortrait.Drawing.Painting;

/// <summary>Paints any person under any motion. The same arguments give the same bytes. Safe for concurrent use.</summary>
public static class PortraitPainter
{
    /// <summary>Smallest side of a picture, pixels.</summary>
    public const int LeastSize = 16;

    /// <summary>Largest side of a picture, pixels.</summary>
    public const int MostSize = 2048;

    /// <summary>Paints a picture with its masks, landmarks and box.</summary>
    /// <param name="identity">Who.</param>
    /// <param name="motion">Doing what; factors outside their ranges are drawn as far as they can be.</param>
    /// <param name="size">Side of the square picture, pixels.</param>
    /// <param name="framing">How large; <see cref="Framing.FaceCrop"/> when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not between <see cref="LeastSize"/> and <see cref="MostSize"/>.</exception>
    public static DrawnPortrait Paint(Identity identity, Motion motion, int size, Framing? framing = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, LeastSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MostSize);
        using var scene = new Scene(identity, motion, size, framing ?? Framing.FaceCrop);
        using var hair = new HairPart(scene);
        var picture = PaintPicture(scene, hair);
        var (face, expression) = PaintMasks(scene, hair);
        return new DrawnPortrait(picture, face, expression, Landmarks(scene), FaceBox(scene.Head));
    }

    private static RgbImage PaintPicture(Scene scene, HairPart hair)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(scene.Size, scene.Size, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        using var easel = new Easel(canvas, scene.Head.Unit);
        scene.Easel = easel;
        BackdropPart.Draw(scene);
        Brushwork.DrawBackdrop(scene);
        hair.DrawBack();
        new BodyPart(scene).Draw();
        PaintHead(scene, hair);
        hair.DrawFront();
        GlassesPart.Draw(scene);
        var image = RgbImage.Black(scene.Size, scene.Size);
        PixelCopy.Colours(bitmap.GetPixelSpan(), image.Pixels.Span, scene.Finish.HasBrushwork ? scene.Size : 0);
        return image;
    }

    private static void PaintHead(Scene scene, HairPart hair)
    {
        var (far, near) = scene.Head.Turn >= 0 ? (1, -1) : (-1, 1);
        PaintEar(scene, hair, far);
        FacePart.DrawSkin(scene);
        PaintEar(scene, hair, near);
        Brushwork.DrawSkin(scene);
        scene.Easel.Within(scene.Face, () =>
        {
            FacePart.DrawCheeks(scene);
            foreach (var side in scene.FarSideFirst)
                new EyePart(scene, side).Draw();
        });
        FacePart.DrawFolds(scene);
        BeardPart.Draw(scene);
        new MouthPart(scene).Draw();
        NosePart.Draw(scene);
        BeardPart.DrawMoustache(scene);
        BrowPart.DrawFolds(scene);
        BrowPart.Draw(scene, -1);
        BrowPart.Draw(scene, 1);
    }

    private static void PaintEar(Scene scene, HairPart hair, int side)
    {
        if (!hair.HidesEars)
            EarPart.Draw(scene, side);
        EarPart.DrawEarring(scene, side);
    }

    /// <summary>Red is the face, green the region of expression.</summary>
    private static (byte[] Face, byte[] Expression) PaintMasks(Scene scene, HairPart hair)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(scene.Size, scene.Size, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        using var easel = new Easel(canvas, scene.Head.Unit);
        scene.Easel = easel;
        canvas.Clear(SKColors.Black);
        easel.Fill(scene.Face, SKColors.Red);
        hair.CoverFront(SKColors.Black);
        var face = PixelCopy.Channel(bitmap.GetPixelSpan(), 0);
        canvas.Clear(SKColors.Black);
        easel.Within(scene.Face, () =>
        {
            foreach (var region in (ReadOnlySpan<Vector2[]>)[EyePart.Region(scene, -1), EyePart.Region(scene, 1), MouthPart.Region(scene)])
            {
                using var path = easel.Loop(region);
                easel.Fill(path, SKColors.White);
            }
        });
        return (face, PixelCopy.Channel(bitmap.GetPixelSpan(), 0));
    }

    private static FaceLandmarks Landmarks(Scene scene)
    {
        var (eyes, mouth) = (scene.Person.Eyes, new MouthPart(scene));
        return new FaceLandmarks(
            Point(scene.Head.OnFace(-eyes.Spacing, eyes.Height)), Point(scene.Head.OnFace(eyes.Spacing, eyes.Height)), Point(NosePart.Tip(scene)),
            Point(mouth.Corner(-1)), Point(mouth.Corner(1)));
    }

    private static Box FaceBox(Head head)
    {
        const float side = 1.5f;
        return Box.Around([
            Point(head.OnFace(0, -0.6f)), Point(head.OnFace(0, 0.99f)), Point(head.OnSkull(-side, -0.4f)), Point(head.OnSkull(side, -0.4f)),
            Point(head.OnSkull(-side, 0)), Point(head.OnSkull(side, 0)), Point(head.OnSkull(-side, 0.4f)), Point(head.OnSkull(side, 0.4f)),
        ]);
    }

    private static PicturePoint Point(Vector2 p) => new(p.X, p.Y);
}
