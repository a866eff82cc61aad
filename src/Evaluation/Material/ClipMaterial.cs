using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Motions;
using HunyuanPortrait.Drawing.Painting;
using HunyuanPortrait.Media.Resampling;
using HunyuanPortrait.Rendering.Clips;

namespace HunyuanPortrait.Evaluation.Material;

/// <summary>The true picture of one frame, at the model's size.</summary>
/// <param name="Picture">What the model should have made.</param>
/// <param name="FaceMask">1 on the face, 0 elsewhere, one number a pixel.</param>
/// <param name="Face">Landmarks and box, pixels of the picture.</param>
/// <param name="Motion">Pose and expression.</param>
public sealed record TrueFrame(RgbImage Picture, float[] FaceMask, FaceDetection Face, Motion Motion);

/// <summary>One clip, drawn: what goes into the pipeline, and the truth.</summary>
/// <param name="Portrait">As a user would give it.</param>
/// <param name="Driving">The driver's frames, as a user would give them.</param>
/// <param name="Truth">The portrait's person under the driver's motion.</param>
/// <param name="DrivingReduced">The driver's frames cropped and reduced as the portrait is.</param>
public sealed record ClipMaterial(
    KnownPicture Portrait, IReadOnlyList<KnownPicture> Driving, IReadOnlyList<TrueFrame> Truth, IReadOnlyList<RgbImage> DrivingReduced);

/// <summary>Draws clips. What is compared with the model's pictures is drawn larger, cut and reduced exactly as the pipeline does it with the portrait.</summary>
/// <param name="modelSize">Side of the model's pictures.</param>
public sealed class ClipPainter(int modelSize)
{
    private const int LargestFrame = 1024;

    /// <summary>Side of drawn frames: twice the model's, so that crops for the motion networks have something to show.</summary>
    public int FrameSize { get; } = Math.Clamp(2 * modelSize, 128, LargestFrame);

    /// <summary>Draws a clip.</summary>
    public ClipMaterial Paint(ClipPlan plan, CancellationToken cancellationToken)
    {
        var (person, driver) = (Identity.FromNumber(plan.Portrait), Identity.FromNumber(plan.Driver));
        var portrait = Known(PortraitPainter.Paint(person, plan.Motions[0], FrameSize));
        var place = PlaceOf(portrait);
        var truth = new TrueFrame[plan.Motions.Length];
        var driving = new KnownPicture[plan.Motions.Length];
        Parallel.For(0, plan.Motions.Length, new ParallelOptions { CancellationToken = cancellationToken }, frame =>
        {
            driving[frame] = Known(PortraitPainter.Paint(driver, plan.Motions[frame], FrameSize));
            truth[frame] = Reduce(PortraitPainter.Paint(person, plan.Motions[frame], FrameSize), plan.Motions[frame], place);
        });
        var drivingPlace = PlaceOf(driving[0]);
        return new ClipMaterial(portrait, driving, truth, [.. driving.Select(frame => Reduce(frame.Picture, drivingPlace))]);
    }

    /// <summary>Other persons under one motion, at the model's size, cut as the portrait was.</summary>
    public IReadOnlyList<RgbImage> PaintOthers(ClipPlan plan, KnownPicture portrait, int frame)
    {
        var place = PlaceOf(portrait);
        return [.. plan.Others.Select(other => Reduce(PortraitPainter.Paint(Identity.FromNumber(other), plan.Motions[frame], FrameSize).Picture, place))];
    }

    /// <summary>A drawn picture where the pipeline sees its face.</summary>
    public static KnownPicture Known(DrawnPortrait drawn) => new(drawn.Picture, drawn.Face);

    private PixelRegion PlaceOf(KnownPicture picture) => SquareBox.Around(picture.Face.Box, FrameSize, FrameSize);

    private TrueFrame Reduce(DrawnPortrait drawn, Motion motion, PixelRegion place)
    {
        var mask = RgbImage.Black(FrameSize, FrameSize);
        for (var i = 0; i < drawn.FaceMask.Length; i++)
            mask.Pixels.Span[RgbImage.Channels * i] = drawn.FaceMask.Span[i];
        var reduced = Reduce(mask, place).Pixels;
        var weights = new float[modelSize * modelSize];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = reduced.Span[RgbImage.Channels * i] / 255f;
        return new TrueFrame(Reduce(drawn.Picture, place), weights, Move(drawn.Face, place), motion);
    }

    private RgbImage Reduce(RgbImage picture, PixelRegion place)
    {
        var reduced = RgbImage.Black(modelSize, modelSize);
        new PillowResizer().Resize(picture, place, reduced, ResampleFilter.Bicubic);
        return reduced;
    }

    private FaceDetection Move(FaceDetection face, PixelRegion place)
    {
        PicturePoint Point(double x, double y) => new((x - place.Left) * modelSize / place.Width, (y - place.Top) * modelSize / place.Height);
        var (topLeft, bottomRight) = (Point(face.Box.Left, face.Box.Top), Point(face.Box.Right, face.Box.Bottom));
        return new FaceDetection(
            new Box(topLeft.X, topLeft.Y, bottomRight.X, bottomRight.Y),
            FaceLandmarks.FromPoints([.. face.Landmarks.Points.Select(point => Point(point.X, point.Y))]), 1);
    }
}
