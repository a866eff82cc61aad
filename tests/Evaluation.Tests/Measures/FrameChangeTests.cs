using HunyuanPortrait.Core.Guidance;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Windows;
using HunyuanPortrait.Evaluation.Measures;

namespace HunyuanPortrait.Evaluation.Tests.Measures;

public sealed class FrameChangeTests
{
    private const int Frames = 12;

    [Fact]
    public void Flicker_OfPerfectPictures_IsZero() =>
        Assert.All(FrameChange.Errors(Pictures.MovingBar(Frames), Pictures.MovingBar(Frames)), error => Assert.Equal(0, error));

    [Fact]
    public void Flicker_OfAFrozenPicture_IsOne()
    {
        var truth = Pictures.MovingBar(Frames);
        Assert.Equal(FrameChange.FrozenErrors(truth), FrameChange.Errors([.. Enumerable.Repeat(Pictures.Grey(77), Frames)], truth));
    }

    [Fact]
    public void Flicker_OfPicturesThatAlternate_IsTheirSteps()
    {
        RgbImage[] truth = [.. Enumerable.Repeat(Pictures.Grey(100), 4)];
        Assert.Equal([400, 400, 400], FrameChange.Errors([Pictures.Grey(100), Pictures.Grey(120), Pictures.Grey(100), Pictures.Grey(120)], truth));
    }

    [Fact]
    public void Seams_WithAJump_ShowIt()
    {
        // Brightness jumps by 10 at frames 4 and 8, and drifts by 1 everywhere.
        RgbImage[] outputs = [.. Enumerable.Range(0, Frames).Select(frame => Pictures.Grey((byte)(50 + frame + 9 * (frame / 4))))];
        var errors = FrameChange.Errors(outputs, [.. Enumerable.Repeat(Pictures.Grey(50), Frames)]);
        Assert.Equal(10, SeamSums.Of(errors, SeamPositions.OfPieces(4, Frames)).Ratio, 9);
        Assert.True(SeamSums.Of(errors, new HashSet<int> { 3, 6 }).Ratio < 0.3);
    }

    [Fact]
    public void Seams_WithoutAJump_AreOne()
    {
        RgbImage[] outputs = [.. Enumerable.Range(0, Frames).Select(frame => Pictures.Grey((byte)(50 + 2 * frame)))];
        var errors = FrameChange.Errors(outputs, [.. Enumerable.Repeat(Pictures.Grey(50), Frames)]);
        Assert.Equal(1, SeamSums.Of(errors, SeamPositions.OfPieces(4, Frames)).Ratio, 9);
        Assert.True(double.IsNaN(SeamSums.Of(errors, new HashSet<int>()).Ratio));
    }

    [Fact]
    public void WindowSeams_OfAStep_AreWhereWindowsBeginAndEnd()
    {
        // Padded: 20 frames, windows of 6 at 0, 4, 8, 12, 16; they end at 6, 10, 14, 18 and 22 = 2. Three frames of padding go.
        var settings = Settings(new WindowSettings(6, 2, 1), padding: 3);
        Assert.Equal([1, 3, 5, 7, 9, 11, 13], SeamPositions.OfWindows(settings, 14, step: 0).Order());
        Assert.Equal([2, 4, 6, 8, 10, 12], SeamPositions.OfWindows(settings, 14, step: 1).Order());
    }

    [Fact]
    public void DecoderSeams_CountFromThePadding() =>
        Assert.Equal([5, 13], SeamPositions.OfDecoder(Settings(new WindowSettings(6, 2, 1), padding: 3), 14).Order());

    private static RenderDefaults Settings(WindowSettings windows, int padding) =>
        new(10, 1, windows, new GuidanceSettings(2, 2, 2, 2), padding, 25, 8, new MicroConditioning(12, 0, 0), 1);
}
