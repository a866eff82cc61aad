using System.Collections.Immutable;
using HunyuanPortrait.Core.Noise;
using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Motions;

namespace HunyuanPortrait.Evaluation.Material;

/// <summary>What an evaluation draws; the seed selects held-out persons and performances.</summary>
/// <param name="Seed">Any number.</param>
/// <param name="Clips">Portraits, each with a driver and a performance of its own.</param>
/// <param name="FramesPerClip">At least 2.</param>
public sealed record EvaluationPlan(ulong Seed, int Clips, int FramesPerClip)
{
    /// <summary>Persons among whom an output must be nearest to its own.</summary>
    public const int Identities = 20;

    /// <summary>Frames per second of the performances.</summary>
    public const int FramesPerSecond = 25;

    private const int PersonsPerClip = Identities + 1;

    /// <summary>The pictures of all clips.</summary>
    public int Pictures => Clips * FramesPerClip;

    /// <summary>One clip, counted from 0.</summary>
    public ClipPlan At(int clip)
    {
        uint Person(int index) => IdentityNumbers.Draw(Seed, (ulong)(clip * PersonsPerClip + index), IdentitySplit.HeldOut);
        var words = Philox.Generate(new PhiloxBlock((uint)clip, 0, 0, 0), Seed);
        var performance = new Performance(((ulong)words.W0 << 32) | words.W1);
        var start = CalmMoment.In(performance);
        return new ClipPlan(
            Person(0), Person(1), [.. Enumerable.Range(2, Identities - 1).Select(Person)],
            [.. Enumerable.Range(0, FramesPerClip).Select(frame => performance.At(start + (double)frame / FramesPerSecond))]);
    }
}

/// <summary>One clip before it is drawn.</summary>
/// <param name="Portrait">Who is animated; the portrait shows the first motion.</param>
/// <param name="Driver">Who performs.</param>
/// <param name="Others">Whom the output must not look like.</param>
/// <param name="Motions">Of every frame.</param>
public sealed record ClipPlan(uint Portrait, uint Driver, ImmutableArray<uint> Others, ImmutableArray<Motion> Motions);

/// <summary>
/// Where a clip begins. Motion tokens carry place and size only relative to the first frame, and the portrait is drawn under that frame's motion: so
/// clips begin as portraits look, nearly frontal, at rest, eyes open.
/// </summary>
public static class CalmMoment
{
    private const double Longest = 60;
    private const double Step = 0.04;

    /// <summary>The first calm moment of a performance within a minute, or its calmest.</summary>
    public static double In(Performance performance)
    {
        var best = (Time: 0.0, Unrest: double.MaxValue);
        for (var time = 0.0; time < Longest; time += Step)
        {
            var unrest = Unrest(performance.At(time));
            if (unrest <= 0)
                return time;
            if (unrest < best.Unrest)
                best = (time, unrest);
        }

        return best.Time;
    }

    /// <summary>How far a motion is beyond what portraits show; 0 for none.</summary>
    public static double Unrest(Motion motion)
    {
        double Beyond(double value, double limit) => Math.Max(0, Math.Abs(value) - limit) / limit;
        return Beyond(motion.Yaw, 0.2) + Beyond(motion.Pitch, 0.14) + Beyond(motion.Roll, 0.14) + Beyond(motion.ShiftX, 0.042) + Beyond(motion.ShiftY, 0.042)
            + Beyond(motion.Scale - 1, 0.05) + Beyond(motion.Jaw, 0.12) + Beyond(motion.GazeX, 0.35) + Beyond(motion.GazeY, 0.35)
            + Math.Max(0, 0.65 - Math.Min(motion.LeftEye, motion.RightEye));
    }
}
