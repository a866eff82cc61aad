using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Media.Errors;
using HunyuanPortrait.Media.Resampling;

namespace HunyuanPortrait.Media.Crops;

/// <summary>What was cut out of a portrait.</summary>
/// <param name="Crops">The three pictures for the encoders.</param>
/// <param name="Picture">The square crop as bytes, before it became <see cref="PortraitCrops.Reference"/>.</param>
/// <param name="Place">Where the square was cut: needed again for the paste-back.</param>
/// <param name="Face">The face in the portrait.</param>
/// <param name="FaceInCrop">The face in the crop, which the alignment used.</param>
/// <param name="FoundInCrop">False when the detector missed the face in the crop, so that the portrait's face was moved into it.</param>
/// <param name="Alignment">Crop → ArcFace picture.</param>
public sealed record PortraitCut(
    PortraitCrops Crops,
    RgbImage Picture,
    PixelRegion Place,
    FaceDetection Face,
    FaceDetection FaceInCrop,
    bool FoundInCrop,
    SimilarityTransform Alignment);

/// <summary>Portrait → crops (SPEC §3.2). Safe for concurrent use when the detector is.</summary>
/// <param name="detector">Finds faces: once in the portrait, once in the crop.</param>
/// <param name="geometry">Sizes of the crops.</param>
public sealed class PortraitCropper(IFaceDetector detector, ModelGeometry geometry)
{
    private static readonly (float Mean, float Deviation)[] ImageNet = [(0.485f, 0.229f), (0.456f, 0.224f), (0.406f, 0.225f)];

    /// <summary>Cuts the crops.</summary>
    /// <param name="portrait">The whole picture.</param>
    /// <param name="selection">Where the face is; detected when null.</param>
    /// <exception cref="Core.Errors.RenderException">HP1301, HP1304, HP1305: there is no usable face.</exception>
    public PortraitCut Cut(RgbImage portrait, FaceSelection? selection = null)
    {
        var assumed = (selection ?? FaceSelection.Detected).Assume(0, portrait.Width, portrait.Height);
        var face = assumed ?? FaceDetection.Largest(detector.Detect(portrait)) ?? throw MediaErrors.NoFaceInPortrait();
        var place = SquareBox.Around(face.Box, portrait.Width, portrait.Height);
        if (place.Width < 1 || place.Height < 1)
            throw MediaErrors.FaceTooSmall(face.Box);
        var picture = RgbImage.Black(geometry.Width, geometry.Height);
        new PillowResizer().Resize(portrait, place, picture, ResampleFilter.Bicubic);
        var found = assumed is null ? FaceDetection.Largest(detector.Detect(picture)) : null;
        var faceInCrop = found ?? Move(face, place, picture);
        var alignment = ArcFaceAlignment.FromLandmarks(faceInCrop.Landmarks);
        return new PortraitCut(Crops(picture, alignment), picture, place, face, faceInCrop, found is not null, alignment);
    }

    private PortraitCrops Crops(RgbImage picture, SimilarityTransform alignment)
    {
        var unit = PicturePlanes.ToUnit(picture);
        var encoderImage = EncoderImage(unit);
        foreach (ref var value in unit.Values)
            value = (value - 0.5f) / 0.5f;
        return new PortraitCrops(
            unit.Reshape(1, RgbImage.Channels, picture.Height, picture.Width),
            encoderImage,
            SimilarityWarp.ToUnitPlanes(picture, alignment, ArcFaceAlignment.Size));
    }

    private FloatTensor EncoderImage(FloatTensor unit)
    {
        var size = geometry.EncoderImageSize;
        var resized = PlanarResizer.Resize(unit, size, size);
        for (var channel = 0; channel < RgbImage.Channels; channel++)
        {
            var (mean, deviation) = ImageNet[channel];
            foreach (ref var value in resized.Values.Slice(channel * size * size, size * size))
                value = (value - mean) / deviation;
        }

        return resized.Reshape(1, RgbImage.Channels, size, size);
    }

    private static FaceDetection Move(FaceDetection face, PixelRegion place, RgbImage crop)
    {
        var (scaleX, scaleY) = ((double)crop.Width / place.Width, (double)crop.Height / place.Height);
        PicturePoint Point(double x, double y) => new((x - place.Left) * scaleX, (y - place.Top) * scaleY);
        var (topLeft, bottomRight) = (Point(face.Box.Left, face.Box.Top), Point(face.Box.Right, face.Box.Bottom));
        return new FaceDetection(
            new Box(topLeft.X, topLeft.Y, bottomRight.X, bottomRight.Y),
            FaceLandmarks.FromPoints([.. face.Landmarks.Points.Select(point => Point(point.X, point.Y))]),
            face.Score);
    }
}
