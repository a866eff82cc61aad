using CsCheck;
using HunyuanPortrait.Drawing.Motions;

namespace HunyuanPortrait.Drawing.Tests.Motions;

public sealed class PerformanceTests
{
    // What a factor may change from one frame to the next at 25 frames a second. Lids and gaze are fast in people too.
    private static readonly Dictionary<string, float> LargestChange = new()
    {
        ["yaw"] = 0.05f,
        ["pitch"] = 0.06f,
        ["roll"] = 0.03f,
        ["shiftX"] = 0.01f,
        ["shiftY"] = 0.01f,
        ["scale"] = 0.01f,
        ["leftEye"] = 0.75f,
        ["rightEye"] = 0.75f,
        ["gazeX"] = 2f,
        ["gazeY"] = 2f,
        ["browRaise"] = 0.3f,
        ["browFrown"] = 0.3f,
        ["jaw"] = 0.55f,
        ["mouthWidth"] = 0.6f,
        ["smile"] = 0.1f,
    };

    [Fact]
    public void At_AnyTime_StaysInRange() => Gen.Select(Gen.ULong, Gen.Double[-10, 1000]).Sample((seed, seconds) =>
    {
        var vector = new Performance(seed).At(seconds).ToVector();
        return MotionFactors.All.Select((factor, i) => vector[i] >= factor.Least && vector[i] <= factor.Most).All(isInside => isInside);
    });

    [Fact]
    public void At_SameSeedAndTime_IsTheSameMotion() => Gen.Select(Gen.ULong, Gen.Double[0, 100]).Sample((seed, seconds) =>
        new Performance(seed).At(seconds) == new Performance(seed).At(seconds));

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void At_FramesInARow_ChangeByBoundedSteps(ulong seed)
    {
        var performance = new Performance(seed);
        var vectors = Enumerable.Range(0, 1500).Select(frame => performance.At(frame / 25.0).ToVector()).ToArray();
        for (var factor = 0; factor < MotionFactors.Count; factor++)
        {
            var largest = Enumerable.Range(1, vectors.Length - 1).Max(frame => Math.Abs(vectors[frame][factor] - vectors[frame - 1][factor]));
            Assert.True(largest <= LargestChange[MotionFactors.All[factor].Name], $"{MotionFactors.All[factor].Name} changes by {largest}");
        }
    }

    [Fact]
    public void At_CellBorders_IsContinuous() => Gen.Select(Gen.ULong, Gen.Double[0, 60]).Sample((seed, seconds) =>
    {
        var performance = new Performance(seed);
        var (before, after) = (performance.At(seconds).ToVector(), performance.At(seconds + 1e-5).ToVector());
        return before.Zip(after, (a, b) => Math.Abs(a - b)).Max() < 2e-3;
    }, iter: 3000);

    [Fact]
    public void At_AMinute_BlinksSpeaksAndPauses()
    {
        var performance = new Performance(7);
        var motions = Enumerable.Range(0, 60 * 50).Select(frame => performance.At(frame / 50.0)).ToArray();
        var blinks = Enumerable.Range(1, motions.Length - 1).Count(i => motions[i].LeftEye < 0.2f && motions[i - 1].LeftEye >= 0.2f);
        Assert.InRange(blinks, 12, 35);
        Assert.InRange(motions.Count(motion => motion.Jaw > 0.25f) / (double)motions.Length, 0.15, 0.7);
        Assert.InRange(motions.Count(motion => motion.Jaw < 0.01f) / (double)motions.Length, 0.1, 0.6);
    }

    [Fact]
    public void FromVector_OfAVector_IsTheSameMotion() =>
        Gen.Select(Gen.ULong, Gen.ULong).Sample((seed, index) => Motion.FromVector(MotionDraw.Any(seed, index).ToVector()) == MotionDraw.Any(seed, index));

    [Fact]
    public void Any_AllIndices_StayInRange() => Gen.Select(Gen.ULong, Gen.ULong).Sample((seed, index) =>
    {
        var vector = MotionDraw.Any(seed, index, 1).ToVector();
        return MotionFactors.All.Select((factor, i) => vector[i] >= factor.Least - 1e-5f && vector[i] <= factor.Most + 1e-5f).All(isInside => isInside);
    });
}
