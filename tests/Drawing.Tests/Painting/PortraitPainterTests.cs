using CsCheck;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Motions;
using HunyuanPortrait.Drawing.Painting;

namespace HunyuanPortrait.Drawing.Tests.Painting;

public sealed class PortraitPainterTests
{
    private const int Size = 128;
    private static readonly Gen<(uint Number, ulong Index)> Anyone = Gen.Select(Gen.UInt, Gen.ULong);

    public static TheoryData<uint> SomePeople => [3, 14, 15, 92, 65, 35];

    [Fact]
    public void Paint_SameArguments_GivesTheSameBytes() => Anyone.Sample(who =>
    {
        var (first, second) = (Paint(who.Number, MotionDraw.Any(1, who.Index)), Paint(who.Number, MotionDraw.Any(1, who.Index)));
        return first.Picture.Pixels.Span.SequenceEqual(second.Picture.Pixels.Span) && first.FaceMask.Span.SequenceEqual(second.FaceMask.Span)
            && first.Landmarks == second.Landmarks;
    }, iter: 40);

    [Fact]
    public void Paint_OtherPeople_DifferInTheFace() => Gen.UInt.Sample(number =>
    {
        var (one, other) = (Paint(number, Motion.Neutral), Paint(number + 1, Motion.Neutral));
        return MeanDifference(one, other, one.FaceMask.Span) > 2;
    }, iter: 40);

    [Fact]
    public void Paint_AnyMotion_HasLandmarksInsideAndInOrder() => Anyone.Sample(who =>
    {
        var drawn = Paint(who.Number, MotionDraw.Any(2, who.Index) with { Roll = 0, Smile = 0 });
        var (left, right, nose, mouthLeft, mouthRight) = drawn.Landmarks;
        return drawn.Landmarks.Points.All(point => point is { X: > 0 and < Size, Y: > 0 and < Size })
            && left.X < right.X && mouthLeft.X < mouthRight.X && nose.Y > left.Y && nose.Y > right.Y && mouthLeft.Y > nose.Y && mouthRight.Y > nose.Y;
    }, iter: 60);

    [Fact]
    public void Paint_AnyMotion_HasABoxAroundTheLandmarks() => Anyone.Sample(who =>
    {
        var drawn = Paint(who.Number, MotionDraw.Any(3, who.Index));
        var box = Box.Around(drawn.Landmarks.Points.AsSpan());
        return drawn.FaceBox.Left <= box.Left && drawn.FaceBox.Top <= box.Top && drawn.FaceBox.Right >= box.Right && drawn.FaceBox.Bottom >= box.Bottom;
    }, iter: 60);

    [Theory, MemberData(nameof(SomePeople))]
    public void Paint_Yaw_MovesTheNoseAgainstTheEyes(uint number)
    {
        var (left, right) = (Paint(number, Motion.Neutral with { Yaw = -0.4f }).Landmarks, Paint(number, Motion.Neutral with { Yaw = 0.4f }).Landmarks);
        Assert.True(Middle(left) < -3 && Middle(right) > 3, $"{Middle(left)} {Middle(right)}");

        static double Middle(FaceLandmarks landmarks) => landmarks.Nose.X - (landmarks.LeftEye.X + landmarks.RightEye.X) / 2;
    }

    [Theory, MemberData(nameof(SomePeople))]
    public void Paint_PoseFactors_MoveLandmarksTheirWay(uint number)
    {
        var rest = Paint(number, Motion.Neutral).Landmarks;
        Assert.True(Paint(number, Motion.Neutral with { Pitch = 0.3f }).Landmarks.Nose.Y > rest.Nose.Y + 3);
        var rolled = Paint(number, Motion.Neutral with { Roll = 0.3f }).Landmarks;
        Assert.Equal(0.3, Math.Atan2(rolled.RightEye.Y - rolled.LeftEye.Y, rolled.RightEye.X - rolled.LeftEye.X), 2);
        Assert.Equal(rest.Nose.X + 0.1 * Size, Paint(number, Motion.Neutral with { ShiftX = 0.1f }).Landmarks.Nose.X, 3);
        Assert.Equal(rest.Nose.Y - 0.1 * Size, Paint(number, Motion.Neutral with { ShiftY = -0.1f }).Landmarks.Nose.Y, 3);
        var large = Paint(number, Motion.Neutral with { Scale = 1.15f }).Landmarks;
        Assert.Equal(1.15 * (rest.RightEye.X - rest.LeftEye.X), large.RightEye.X - large.LeftEye.X, 2);
    }

    [Theory, MemberData(nameof(SomePeople))]
    public void Paint_MouthFactors_ChangeMostlyTheLowerFace(uint number)
    {
        var rest = Paint(number, Motion.Neutral);
        foreach (var motion in (Motion[])[Motion.Neutral with { Jaw = 0.7f }, Motion.Neutral with { MouthWidth = 0.9f }, Motion.Neutral with { Smile = -0.8f }])
        {
            var (upper, lower) = ChangeAboveAndBelow(rest, Paint(number, motion), rest.Landmarks.Nose.Y);
            Assert.True(lower > 4 * upper && lower > 1000, $"{motion}: {upper} above the nose, {lower} below");
        }
    }

    [Theory, MemberData(nameof(SomePeople))]
    public void Paint_EyeFactors_ChangeOnlyTheUpperFace(uint number)
    {
        var rest = Paint(number, Motion.Neutral);
        Motion[] motions =
        [
            Motion.Neutral with { LeftEye = 0, RightEye = 0 }, Motion.Neutral with { GazeX = 0.9f }, Motion.Neutral with { GazeY = -0.9f },
            Motion.Neutral with { BrowRaise = 1 }, Motion.Neutral with { BrowFrown = 1 },
        ];
        foreach (var motion in motions)
        {
            var (upper, lower) = ChangeAboveAndBelow(rest, Paint(number, motion), rest.Landmarks.Nose.Y);
            Assert.True(upper > 500 && lower == 0, $"{motion}: {upper} above the nose, {lower} below");
        }
    }

    [Fact]
    public void Paint_ClosedEyes_HideTheIris()
    {
        var person = Identity.FromNumber(5) with { Style = RenderingStyle.Flat };
        person = person with { Eyes = person.Eyes with { Iris = new Tint(0, 0, 1) }, Accessories = person.Accessories with { Glasses = Glasses.None } };
        Assert.True(Blue(Motion.Neutral) > 30);
        Assert.Equal(0, Blue(Motion.Neutral with { LeftEye = 0, RightEye = 0 }));
        Assert.InRange(Blue(Motion.Neutral with { LeftEye = 0 }), 10, Blue(Motion.Neutral) - 10);

        int Blue(Motion motion)
        {
            var drawn = PortraitPainter.Paint(person, motion, Size);
            var count = 0;
            for (var i = 0; i < drawn.ExpressionMask.Length; i++)
            {
                var pixel = drawn.Picture.Pixels.Span.Slice(3 * i, 3);
                if (drawn.ExpressionMask.Span[i] == 255 && pixel[2] > 150 && pixel[0] < 90 && pixel[1] < 90)
                    count++;
            }

            return count;
        }
    }

    [Theory, MemberData(nameof(SomePeople))]
    public void Paint_StrongTurn_NarrowsTheFarEye(uint number)
    {
        var landmarks = Paint(number, Motion.Neutral with { Yaw = 0.55f }).Landmarks;
        var rest = Paint(number, Motion.Neutral).Landmarks;
        Assert.True(landmarks.RightEye.X - landmarks.Nose.X < 0.75 * (rest.RightEye.X - rest.Nose.X));
    }

    [Fact]
    public void Paint_Masks_CoverEyesAndMouthWithinTheFace() => Anyone.Sample(who =>
    {
        var drawn = Paint(who.Number, MotionDraw.Portrait(4, who.Index));
        var (left, right, _, mouthLeft, mouthRight) = drawn.Landmarks;
        var mouth = new PicturePoint((mouthLeft.X + mouthRight.X) / 2, (mouthLeft.Y + mouthRight.Y) / 2);
        return new[] { left, right, mouth }.All(point => At(drawn.ExpressionMask, point) == 255) && At(drawn.FaceMask, drawn.Landmarks.Nose) == 255
            && drawn.FaceMask.Span[0] == 0;
    }, iter: 60);

    [Theory, InlineData(RenderingStyle.Flat), InlineData(RenderingStyle.Shaded), InlineData(RenderingStyle.Painted), InlineData(RenderingStyle.LineDrawing)]
    public void Paint_Styles_ShareTheirGeometry(RenderingStyle style)
    {
        var person = Identity.FromNumber(11);
        var (one, other) = (PortraitPainter.Paint(person with { Style = style }, Motion.Neutral, Size), PortraitPainter.Paint(person, Motion.Neutral, Size));
        Assert.Equal(other.Landmarks, one.Landmarks);
        Assert.True(one.FaceMask.Span.SequenceEqual(other.FaceMask.Span));
    }

    [Theory, InlineData(15), InlineData(2049)]
    public void Paint_SizeOutOfRange_IsRefused(int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PortraitPainter.Paint(Identity.FromNumber(1), Motion.Neutral, size));

    private static DrawnPortrait Paint(uint number, Motion motion) => PortraitPainter.Paint(Identity.FromNumber(number), motion, Size);

    private static byte At(ReadOnlyMemory<byte> mask, PicturePoint point) => mask.Span[(int)point.Y * Size + (int)point.X];

    private static double MeanDifference(DrawnPortrait one, DrawnPortrait other, ReadOnlySpan<byte> mask)
    {
        long sum = 0, count = 0;
        for (var i = 0; i < mask.Length; i++)
        {
            if (mask[i] < 255)
                continue;
            for (var channel = 0; channel < 3; channel++, count++)
                sum += Math.Abs(one.Picture.Pixels.Span[3 * i + channel] - other.Picture.Pixels.Span[3 * i + channel]);
        }

        return (double)sum / count;
    }

    private static (long Above, long Below) ChangeAboveAndBelow(DrawnPortrait one, DrawnPortrait other, double border)
    {
        long above = 0, below = 0;
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < 3 * Size; x++)
            {
                var difference = Math.Abs(one.Picture.Row(y)[x] - other.Picture.Row(y)[x]);
                (above, below) = y < border ? (above + difference, below) : (above, below + difference);
            }
        }

        return (above, below);
    }
}
