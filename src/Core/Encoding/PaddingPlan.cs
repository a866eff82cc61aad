using System.Numerics.Tensors;
using HunyuanPortrait.Core.Frames;
using HunyuanPortrait.Core.Latents;

namespace HunyuanPortrait.Core.Encoding;

/// <summary>Where a padded frame's motion tokens come from.</summary>
/// <param name="Frame">Driving frame.</param>
/// <param name="Weight">Its tokens are multiplied by this; 1 inside the clip.</param>
public readonly record struct PaddedFrame(int Frame, float Weight);

/// <summary>
/// The faded frames in front of and behind a clip (SPEC §5.5): the first frame fades in from nothing, the last one fades out from full weight.
/// A pure function of the padded index, so nothing is stored.
/// </summary>
/// <param name="FrameCount">Driving frames, at least 1.</param>
/// <param name="Padding">Frames on each side.</param>
public readonly record struct PaddingPlan(int FrameCount, int Padding)
{
    /// <summary>Frames of the padded clip.</summary>
    public int PaddedCount => FrameCount + 2 * Padding;

    /// <summary>The driving frames, in padded indices.</summary>
    public FrameRange Kept => new(Padding, FrameCount);

    /// <summary>Source of one padded frame, 0 … <see cref="PaddedCount"/> − 1.</summary>
    public PaddedFrame SourceOf(int paddedFrame)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)paddedFrame, (uint)PaddedCount, nameof(paddedFrame));
        if (paddedFrame < Padding)
            return new PaddedFrame(0, (float)((double)paddedFrame / Padding));
        var behind = paddedFrame - Kept.End;
        return behind < 0
            ? new PaddedFrame(paddedFrame - Padding, 1)
            : new PaddedFrame(FrameCount - 1, (float)(1 - (double)behind / Padding));
    }

    /// <summary>Reads one padded frame's tokens from the store of driving frames.</summary>
    /// <param name="tokens">Tokens of the <see cref="FrameCount"/> driving frames.</param>
    /// <param name="paddedFrame">Which padded frame.</param>
    /// <param name="destination">Receives its tokens.</param>
    public void ReadTokens(IFrameStore tokens, int paddedFrame, Span<float> destination)
    {
        var source = SourceOf(paddedFrame);
        tokens.Read(source.Frame, destination);
        if (source.Weight != 1)
            TensorPrimitives.Multiply(destination, source.Weight, destination);
    }
}
