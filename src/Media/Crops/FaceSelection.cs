using System.Collections.Immutable;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Media.Errors;

namespace HunyuanPortrait.Media.Crops;

/// <summary>Where the face of a picture comes from.</summary>
public abstract record FaceSelection
{
    private FaceSelection()
    {
    }

    /// <summary>The detector looks for it.</summary>
    public static FaceSelection Detected { get; } = new DetectedFace();

    /// <summary>It is assumed to fill the middle of the picture.</summary>
    public static FaceSelection AssumedCentred { get; } = new CentredFace();

    /// <summary>It is in a box that the user names; its landmarks are where an average face has them.</summary>
    /// <param name="box">Pixels of the picture.</param>
    public static FaceSelection InBox(Box box) => new GivenFace(box);

    /// <summary>It is known in every frame, from a file.</summary>
    /// <param name="track">The faces.</param>
    public static FaceSelection Tracked(FaceTrack track) => new TrackedFaces(track, 0);

    /// <summary>Where the user says that it is; null where nobody does.</summary>
    public virtual Box? GivenBox => null;

    /// <summary>Where it is in every frame; null where that is not known.</summary>
    public virtual FaceTrack? GivenTrack => null;

    /// <summary>The same where reading begins at a later frame of the clip.</summary>
    /// <param name="frame">The first frame that is read.</param>
    public virtual FaceSelection StartingAt(long frame) => this;

    /// <summary>The assumed face; null when a detector has to look.</summary>
    /// <param name="frame">Counted from the first that is read.</param>
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    /// <exception cref="Core.Errors.RenderException">HP1304: the box is not inside the picture; HP1306: nobody knows this frame's face.</exception>
    internal abstract FaceDetection? Assume(long frame, int width, int height);

    private sealed record DetectedFace : FaceSelection
    {
        internal override FaceDetection? Assume(long frame, int width, int height) => null;
    }

    private sealed record GivenFace(Box Place) : FaceSelection
    {
        public override Box? GivenBox => Place;

        internal override FaceDetection Assume(long frame, int width, int height) =>
            Place is { Width: > 0, Height: > 0, Left: >= 0, Top: >= 0 } && Place.Right <= width && Place.Bottom <= height
                ? AverageFace.In(Place)
                : throw MediaErrors.FaceBoxOutside(Place, width, height);
    }

    private sealed record TrackedFaces(FaceTrack Faces, long First) : FaceSelection
    {
        public override FaceTrack? GivenTrack => Faces;

        public override FaceSelection StartingAt(long frame) => this with { First = First + frame };

        internal override FaceDetection Assume(long frame, int width, int height) => Faces.At(First + frame, width, height);
    }

    private sealed record CentredFace : FaceSelection
    {
        // With these shares of the shorter side, the square of SPEC §3.2 becomes the largest centred one.
        private const double WidthShare = 0.45;
        private const double HeightShare = 0.6;

        internal override FaceDetection Assume(long frame, int width, int height)
        {
            var side = Math.Min(width, height);
            var (faceWidth, faceHeight) = (WidthShare * side, HeightShare * side);
            return AverageFace.In(Box.FromSize((width - faceWidth) / 2, (height - faceHeight) / 2, faceWidth, faceHeight));
        }
    }
}

/// <summary>Landmarks where an average, frontal face has them.</summary>
internal static class AverageFace
{
    private static readonly ImmutableArray<PicturePoint> Relative =
        [new(0.3, 0.4), new(0.7, 0.4), new(0.5, 0.6), new(0.35, 0.78), new(0.65, 0.78)];

    public static FaceDetection In(Box box) => new(
        box,
        FaceLandmarks.FromPoints([.. Relative.Select(point => new PicturePoint(box.Left + point.X * box.Width, box.Top + point.Y * box.Height))]),
        1);
}
