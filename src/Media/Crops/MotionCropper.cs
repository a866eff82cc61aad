using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Errors;
using HunyuanPortrait.Media.Resampling;

namespace HunyuanPortrait.Media.Crops;

/// <summary>
/// Driving frame → inputs of the motion encoders (SPEC §3.3). The first face fixes the head's crop and the anchor of every expression crop.
/// Keeps its buffers; not safe for concurrent use.
/// </summary>
public sealed class MotionCropper
{
    private const int IntermediateSize = 512;
    private readonly PillowResizer expressionResizer = new();
    private readonly PillowResizer poseResizer = new();
    private readonly PillowResizer poseReducer = new();
    private readonly RgbImage intermediate = RgbImage.Black(IntermediateSize, IntermediateSize);
    private byte[] overhang = [];

    /// <summary>Fixes what the first frame decides.</summary>
    /// <param name="cropSize">Side of the crops (256).</param>
    /// <param name="firstFace">Of the first frame that has one.</param>
    /// <param name="frameWidth">Pixels.</param>
    /// <param name="frameHeight">Pixels.</param>
    /// <exception cref="Core.Errors.RenderException">HP1305: the face is too small.</exception>
    public MotionCropper(int cropSize, FaceDetection firstFace, int frameWidth, int frameHeight)
    {
        FirstFace = firstFace.Box;
        PoseRegion = SquareBox.Around(firstFace.Box, frameWidth, frameHeight);
        if (PoseRegion.Width < 1 || PoseRegion.Height < 1)
            throw MediaErrors.FaceTooSmall(firstFace.Box);
        ExpressionPicture = RgbImage.Black(cropSize, cropSize);
        PosePicture = RgbImage.Black(cropSize, cropSize);
    }

    /// <summary>The first frame's face: the anchor of the expression crops.</summary>
    public Box FirstFace { get; }

    /// <summary>The square head crop, the same in every frame.</summary>
    public PixelRegion PoseRegion { get; }

    /// <summary>The newest expression crop as bytes; overwritten by the next frame.</summary>
    public RgbImage ExpressionPicture { get; }

    /// <summary>The newest head crop as bytes; overwritten by the next frame.</summary>
    public RgbImage PosePicture { get; }

    /// <summary>Cuts one frame.</summary>
    /// <param name="frame">Of the first frame's size.</param>
    /// <param name="landmarks">Of the face in this frame.</param>
    /// <param name="expression">Receives <c>[3, cropSize, cropSize]</c> in [0, 1].</param>
    /// <param name="pose">Receives <c>[3, cropSize, cropSize]</c> in [0, 1].</param>
    /// <exception cref="Core.Errors.RenderException">HP1305: the face is too small.</exception>
    public void Cut(RgbImage frame, FaceLandmarks landmarks, Span<float> expression, Span<float> pose)
    {
        CutExpression(frame, landmarks);
        poseResizer.Resize(frame, PoseRegion, intermediate, ResampleFilter.Bicubic);
        poseReducer.Resize(intermediate, Whole(intermediate), PosePicture, ResampleFilter.Bilinear);
        PicturePlanes.ToUnit(ExpressionPicture, expression);
        PicturePlanes.ToUnit(PosePicture, pose);
    }

    private void CutExpression(RgbImage frame, FaceLandmarks landmarks)
    {
        var region = ExpressionCrop.RegionOf(landmarks, FirstFace);
        if (region.Width < 1)
            throw MediaErrors.FaceTooSmall(Box.Around(landmarks.Points.AsSpan()));
        if (PictureRegions.IsInside(frame, region))
        {
            expressionResizer.Resize(frame, region, ExpressionPicture, ResampleFilter.Bilinear);
            return;
        }

        var length = checked(region.Width * region.Height * RgbImage.Channels);
        if (overhang.Length < length)
            overhang = new byte[length];
        var padded = new RgbImage(region.Width, region.Height, overhang.AsMemory(0, length));
        PictureRegions.CopyOverBlack(frame, region, padded);
        expressionResizer.Resize(padded, Whole(padded), ExpressionPicture, ResampleFilter.Bilinear);
    }

    private static PixelRegion Whole(RgbImage image) => new(0, 0, image.Width, image.Height);
}
