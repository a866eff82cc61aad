using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Media.Crops;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>
/// Driving frames, one after the other → motion tokens in a store (SPEC §3.3, §3.4, §5). Crops of one motion group are all that it holds.
/// </summary>
internal sealed class MotionStage
{
    private readonly IMotionEncoder encoder;
    private readonly FaceTracker tracker;
    private readonly MotionCropper cropper;
    private readonly AppendedFrames store;
    private readonly int cropSize;
    private readonly float[] faceCrops;
    private readonly float[] headCrops;
    private readonly float[] tokens;
    private readonly List<FaceLandmarks> landmarks = [];

    /// <param name="encoder">Crops → tokens.</param>
    /// <param name="tracker">Knows the clip's first face already.</param>
    /// <param name="cropper">Made for that face.</param>
    /// <param name="store">Receives the tokens of every kept frame.</param>
    public MotionStage(IMotionEncoder encoder, FaceTracker tracker, MotionCropper cropper, AppendedFrames store)
    {
        (this.encoder, this.tracker, this.cropper, this.store) = (encoder, tracker, cropper, store);
        cropSize = cropper.ExpressionPicture.Width;
        faceCrops = new float[encoder.GroupLength * CropValues];
        headCrops = new float[encoder.GroupLength * CropValues];
        tokens = new float[encoder.GroupLength * encoder.TokenCount * encoder.TokenWidth];
    }

    private int CropValues => RgbImage.Channels * cropSize * cropSize;

    /// <summary>Takes the next frame; it is not kept.</summary>
    /// <returns>False when the frame is left out.</returns>
    public bool Add(RgbImage frame, CancellationToken cancellationToken)
    {
        if (tracker.Next(frame) is not { } face)
            return false;
        var place = landmarks.Count * CropValues;
        cropper.Cut(frame, face.Landmarks, faceCrops.AsSpan(place, CropValues), headCrops.AsSpan(place, CropValues));
        landmarks.Add(face.Landmarks);
        if (landmarks.Count == encoder.GroupLength)
            EncodeGroup(cancellationToken);
        return true;
    }

    /// <summary>Encodes what is left of the last group.</summary>
    public void Finish(CancellationToken cancellationToken)
    {
        if (landmarks.Count > 0)
            EncodeGroup(cancellationToken);
    }

    private void EncodeGroup(CancellationToken cancellationToken)
    {
        var count = landmarks.Count;
        var perFrame = encoder.TokenCount * encoder.TokenWidth;
        encoder.Encode(Crops(faceCrops, count), Crops(headCrops, count), MotionIntensityMeter.Measure(landmarks), tokens.AsSpan(0, count * perFrame), cancellationToken);
        for (var i = 0; i < count; i++)
            store.Append(tokens.AsSpan(i * perFrame, perFrame));
        landmarks.Clear();
    }

    private FloatTensor Crops(float[] crops, int count) =>
        new(new TensorShape(count, RgbImage.Channels, cropSize, cropSize), crops.AsMemory(0, count * CropValues));
}
