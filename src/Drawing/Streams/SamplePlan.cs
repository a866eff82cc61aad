using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Motions;
using HunyuanPortrait.Drawing.Painting;

namespace HunyuanPortrait.Drawing.Streams;

/// <summary>
/// Which samples a stream holds. A block is a grid: every one of its persons under every one of its motions, so that any picture, any driver and the
/// true target can be picked from it. The first motion of a block is a still portrait; with clips, each further motion is a run of frames.
/// </summary>
/// <param name="Seed">Decides everything together with the other settings.</param>
/// <param name="Split">Where persons come from.</param>
/// <param name="Size">Side of a picture, pixels.</param>
public sealed record SamplePlan(ulong Seed, IdentitySplit Split, int Size)
{
    /// <summary>Number of blocks.</summary>
    public long Blocks { get; init; } = 1;

    /// <summary>Persons of a block.</summary>
    public int Identities { get; init; } = 8;

    /// <summary>Motions of a block, the portrait among them; at least 1.</summary>
    public int Motions { get; init; } = 8;

    /// <summary>Frames of a motion other than the portrait; 1 for stills.</summary>
    public int FramesPerMotion { get; init; } = 1;

    /// <summary>Of clips.</summary>
    public double FramesPerSecond { get; init; } = 25;

    /// <summary>How large heads are.</summary>
    public Framing Framing { get; init; } = Framing.FaceCrop;

    /// <summary>Samples of one person in a block.</summary>
    public int SamplesPerIdentity => 1 + (Motions - 1) * FramesPerMotion;

    /// <summary>Samples of a block.</summary>
    public int SamplesPerBlock => Identities * SamplesPerIdentity;

    /// <summary>All samples.</summary>
    public long Samples => Blocks * SamplesPerBlock;

    /// <summary>The place of a sample in the plan.</summary>
    /// <param name="block">Block, from 0.</param>
    /// <param name="index">Sample of the block, persons outermost.</param>
    public SampleKey At(long block, int index)
    {
        var (row, rest) = Math.DivRem(index, SamplesPerIdentity);
        var number = IdentityNumbers.Draw(Seed, (ulong)(block * Identities + row), Split);
        if (rest == 0)
            return new SampleKey(number, 0, 0, MotionDraw.Portrait(Seed, (ulong)block));
        var (column, frame) = Math.DivRem(rest - 1, FramesPerMotion);
        var motionIndex = (ulong)(block * Motions + column);
        var motion = FramesPerMotion == 1
            ? MotionDraw.Any(Seed, motionIndex)
            : new Performance(Seed ^ (0x9E3779B97F4A7C15 * (motionIndex + 1))).At(frame / FramesPerSecond);
        return new SampleKey(number, column + 1, frame, motion);
    }
}

/// <summary>One sample before it is drawn.</summary>
/// <param name="Identity">Number of the person.</param>
/// <param name="Column">Motion of the block; 0 is the still portrait.</param>
/// <param name="Frame">Of the run; 0 for stills.</param>
/// <param name="Motion">Pose and expression.</param>
public readonly record struct SampleKey(uint Identity, int Column, int Frame, Motion Motion);
