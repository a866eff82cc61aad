using HunyuanPortrait.Evaluation.Measures;

namespace HunyuanPortrait.Evaluation.Tests.Measures;

public sealed class RetrievalTests
{
    private const int Frames = 12;

    [Fact]
    public void Moments_OfPerfectPictures_AreAllFound() =>
        Assert.Equal(1, Retrieval.FindMoments(Pictures.MovingBar(Frames), Pictures.MovingBar(Frames)).Mean);

    [Fact]
    public void Moments_OfAStillPicture_AreFoundAroundItsOwn() =>
        Assert.Equal(3.0 / Frames, Retrieval.FindMoments([.. Enumerable.Repeat(Pictures.Bar(0), Frames)], Pictures.MovingBar(Frames)).Mean, 9);

    [Theory, InlineData(2, 12), InlineData(3, 0), InlineData(6, 0)]
    public void Moments_OfAShiftedClip_AreFoundWithinTwoFrames(int shift, int expected)
    {
        var truth = Pictures.MovingBar(Frames + shift);
        var late = truth.Skip(shift).Concat(truth.TakeLast(shift)).ToArray();
        var found = Retrieval.FindMoments(late[..Frames], truth);
        Assert.Equal(expected, found.Value);
    }

    [Fact]
    public void Moments_OfReversedFrames_AreFoundInTheMiddleOnly() =>
        Assert.Equal(2, Retrieval.FindMoments([.. Pictures.MovingBar(Frames).Reverse()], Pictures.MovingBar(Frames)).Value);

    [Theory, InlineData(40, 0.12125), InlineData(5, 0.76), InlineData(2, 1)]
    public void MomentChance_OfLengths_IsTheShareWithinTheTolerance(int frames, double expected) =>
        Assert.Equal(expected, Retrieval.MomentChance(frames), 9);

    [Fact]
    public void Identity_NearestToItsOwn_IsFound() =>
        Assert.True(Retrieval.FindsIdentity(Pictures.Grey(101), Pictures.Grey(100), [Pictures.Grey(90), Pictures.Grey(110)], Pictures.Everywhere));

    [Theory, InlineData(96), InlineData(95)]
    public void Identity_NearerToAnotherOrAsNear_IsMissed(byte output) =>
        Assert.False(Retrieval.FindsIdentity(Pictures.Grey(output), Pictures.Grey(100), [Pictures.Grey(80), Pictures.Grey(output == 95 ? (byte)90 : (byte)95)], Pictures.Everywhere));

    [Fact]
    public void Identity_OutsideTheMask_DoesNotCount()
    {
        var mask = new float[Pictures.Side * Pictures.Side];
        mask[15] = 1; // a corner that the bar does not reach
        var (output, own, other) = (Pictures.Bar(2), Pictures.Grey(40), Pictures.Bar(2, 210));
        other.Pixels.Span[45] = 90;
        Assert.True(Retrieval.FindsIdentity(output, own, [other], mask));
        Assert.False(Retrieval.FindsIdentity(output, own, [other], Pictures.Everywhere));
    }
}
