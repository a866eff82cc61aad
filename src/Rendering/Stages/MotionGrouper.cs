using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Media.Crops;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>
/// Driving frames, one after the other → motion groups (SPEC §3.3, §3.4). Holds the crops of one group, which the next one overwrites.
/// </summary>
internal sealed class MotionGrouper
{
    private readonly FaceTracker tracker;
    private readonly MotionCropper cropper;
    private readonly int groupLength;
    private readonly int cropSize;
    private readonly float[] faceCrops;
    private readonly float[] headCrops;
    private readonly List<FaceLandmarks> landmarks = [];
    private readonly List<long> times = [];

    /// <param name="tracker">Knows the clip's first face already.</param>
    /// <param name="cropper">Made for that face.</param>
    /// <param name="groupLength">Frames of a full group.</param>
    public MotionGrouper(FaceTracker tracker, MotionCropper cropper, int groupLength)
    {
        (this.tracker, this.cropper, this.groupLength, cropSize) = (tracker, cropper, groupLength, cropper.ExpressionPicture.Width);
        faceCrops = new float[groupLength * CropValues];
        headCrops = new float[groupLength * CropValues];
    }

    private int CropValues => RgbImage.Channels * cropSize * cropSize;

    /// <summary>Takes the next frame; it is not kept. Take a group when it is full.</summary>
    /// <returns>False when the frame is left out.</returns>
    public bool Add(RgbImage frame, long time)
    {
        if (tracker.Next(frame) is not { } face)
            return false;
        var place = landmarks.Count * CropValues;
        cropper.Cut(frame, face.Landmarks, faceCrops.AsSpan(place, CropValues), headCrops.AsSpan(place, CropValues));
        landmarks.Add(face.Landmarks);
        times.Add(time);
        return true;
    }

    /// <summary>The full group; null while it is not full.</summary>
    public MotionGroup? TakeFull() => landmarks.Count == groupLength ? Take() : null;

    /// <summary>What is left at the end; null when nothing is.</summary>
    public MotionGroup? TakeRest() => landmarks.Count > 0 ? Take() : null;

    private MotionGroup Take()
    {
        var group = new MotionGroup(Crops(faceCrops), Crops(headCrops), MotionIntensityMeter.Measure(landmarks), [.. times]);
        landmarks.Clear();
        times.Clear();
        return group;
    }

    private FloatTensor Crops(float[] crops) =>
        new(new TensorShape(landmarks.Count, RgbImage.Channels, cropSize, cropSize), crops.AsMemory(0, landmarks.Count * CropValues));
}
