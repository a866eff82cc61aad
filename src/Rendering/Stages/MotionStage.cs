using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Crops;

namespace HunyuanPortrait.Rendering.Stages;

/// <summary>
/// Driving frames, one after the other → motion tokens in a store (SPEC §3.3, §3.4, §5). Crops of one motion group are all that it holds.
/// </summary>
internal sealed class MotionStage
{
    private readonly IMotionEncoder encoder;
    private readonly MotionGrouper grouper;
    private readonly AppendedFrames store;
    private readonly float[] tokens;

    /// <param name="encoder">Crops → tokens.</param>
    /// <param name="tracker">Knows the clip's first face already.</param>
    /// <param name="cropper">Made for that face.</param>
    /// <param name="store">Receives the tokens of every kept frame.</param>
    public MotionStage(IMotionEncoder encoder, FaceTracker tracker, MotionCropper cropper, AppendedFrames store)
    {
        (this.encoder, this.store) = (encoder, store);
        grouper = new MotionGrouper(tracker, cropper, encoder.GroupLength);
        tokens = new float[encoder.GroupLength * encoder.TokenCount * encoder.TokenWidth];
    }

    /// <summary>Takes the next frame; it is not kept.</summary>
    /// <returns>False when the frame is left out.</returns>
    public bool Add(RgbImage frame, CancellationToken cancellationToken)
    {
        if (!grouper.Add(frame, 0))
            return false;
        if (grouper.TakeFull() is { } group)
            Encode(group, cancellationToken);
        return true;
    }

    /// <summary>Encodes what is left of the last group.</summary>
    public void Finish(CancellationToken cancellationToken)
    {
        if (grouper.TakeRest() is { } group)
            Encode(group, cancellationToken);
    }

    private void Encode(MotionGroup group, CancellationToken cancellationToken)
    {
        var count = group.Times.Count;
        var perFrame = encoder.TokenCount * encoder.TokenWidth;
        encoder.Encode(group.FaceCrops, group.HeadCrops, group.Intensity, tokens.AsSpan(0, count * perFrame), cancellationToken);
        for (var i = 0; i < count; i++)
            store.Append(tokens.AsSpan(i * perFrame, perFrame));
    }
}
