using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Errors;

namespace HunyuanPortrait.Media.Crops;

/// <summary>How the frames of a driving video fared.</summary>
/// <param name="Detected">With a face of their own (or an assumed one).</param>
/// <param name="Held">With another frame's face.</param>
/// <param name="Dropped">Left out.</param>
public sealed record FaceCounts(long Detected, long Held, long Dropped)
{
    /// <summary>All frames.</summary>
    public long Frames => Detected + Held + Dropped;
}

/// <summary>
/// Finds the face of every driving frame, in order. Leading frames need the first face of the clip, which comes later: when
/// <see cref="FirstFace"/> is null, pass frames to <see cref="Seek"/> until it returns true, then start again from the clip's first frame.
/// Not safe for concurrent use.
/// </summary>
/// <param name="detector">Finds faces.</param>
/// <param name="selection">Where faces come from; detected when null.</param>
/// <param name="policy">For frames without one.</param>
public sealed class FaceTracker(IFaceDetector detector, FaceSelection? selection = null, MissingFacePolicy policy = MissingFacePolicy.Hold)
{
    private readonly FaceSelection selection = selection ?? FaceSelection.Detected;
    private FaceDetection? newest;
    private long sought;

    /// <summary>The clip's first face; null until <see cref="Seek"/> or <see cref="Next"/> met it.</summary>
    public FaceDetection? FirstFace { get; private set; }

    /// <summary>Frames given to <see cref="Next"/> so far.</summary>
    public FaceCounts Counts { get; private set; } = new(0, 0, 0);

    /// <summary>Looks for the clip's first face. Counts nothing.</summary>
    /// <returns>True when the frame has it.</returns>
    /// <exception cref="Core.Errors.RenderException">HP1302: the frame has none and the policy is to fail.</exception>
    public bool Seek(RgbImage frame)
    {
        FirstFace = Find(sought, frame);
        if (FirstFace is null && policy == MissingFacePolicy.Fail)
            throw MediaErrors.NoFaceInFrame(sought);
        sought++;
        return FirstFace is not null;
    }

    /// <summary>The refusal when <see cref="Seek"/> met no face in the whole clip.</summary>
    public Exception NoFaceAnywhere() => MediaErrors.NoFaceInDrivingVideo(sought);

    /// <summary>The face to use for the next frame; null when the frame is to be dropped.</summary>
    /// <exception cref="Core.Errors.RenderException">HP1302: the frame has none and the policy is to fail.</exception>
    /// <exception cref="InvalidOperationException">A frame before the first face, which nobody sought.</exception>
    public FaceDetection? Next(RgbImage frame)
    {
        if (Find(Counts.Frames, frame) is { } face)
        {
            newest = face;
            FirstFace ??= face;
            Counts = Counts with { Detected = Counts.Detected + 1 };
            return face;
        }

        switch (policy)
        {
            case MissingFacePolicy.Fail:
                throw MediaErrors.NoFaceInFrame(Counts.Frames);
            case MissingFacePolicy.Drop:
                Counts = Counts with { Dropped = Counts.Dropped + 1 };
                return null;
            default:
                Counts = Counts with { Held = Counts.Held + 1 };
                return newest ?? FirstFace ?? throw new InvalidOperationException("Seek the clip's first face before reading leading frames without one.");
        }
    }

    private FaceDetection? Find(long index, RgbImage frame) =>
        selection.Assume(index, frame.Width, frame.Height) ?? FaceDetection.Largest(detector.Detect(frame));
}
