using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Media.Crops;

namespace HunyuanPortrait.Media.Tests.Crops;

public sealed class PortraitCropperTests
{
    [Fact]
    public void Cut_NoFace_SaysHowToGoOn()
    {
        var refusal = Assert.Throws<RenderException>(() => new PortraitCropper(new ScriptedFaceDetector([[]]), Geometries.Official).Cut(RgbImage.Black(300, 200)));
        Assert.Equal("HP1301", refusal.Code);
        Assert.Contains("--face-box", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--assume-centred", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_AssumedCentred_TakesTheLargestCentredSquare()
    {
        var cut = new PortraitCropper(new ScriptedFaceDetector([]), Geometries.Official).Cut(RgbImage.Black(300, 200), FaceSelection.AssumedCentred);
        Assert.Equal(new PixelRegion(50, 0, 250, 200), cut.Place);
        Assert.False(cut.FoundInCrop);
        Assert.Equal([1, 3, 512, 512], cut.Crops.Reference.Shape.Dimensions);
        Assert.Equal([1, 3, 224, 224], cut.Crops.EncoderImage.Shape.Dimensions);
        Assert.Equal([1, 3, 112, 112], cut.Crops.ArcFaceImage!.Shape.Dimensions);
    }

    [Fact]
    public void Cut_FaceMissedInTheCrop_MovesThePortraitsFaceIntoIt()
    {
        var face = new FaceDetection(new Box(100, 80, 150, 140), new FaceLandmarks(new(115, 100), new(135, 100), new(125, 115), new(118, 128), new(132, 128)), 1);
        var cut = new PortraitCropper(new ScriptedFaceDetector([[face], []]), Geometries.Official).Cut(RgbImage.Black(600, 400));
        Assert.False(cut.FoundInCrop);
        var scale = 512.0 / cut.Place.Width;
        Assert.Equal((125 - cut.Place.Left) * scale, cut.FaceInCrop.Landmarks.Nose.X, 1e-9);
        Assert.Equal((115 - cut.Place.Top) * scale, cut.FaceInCrop.Landmarks.Nose.Y, 1e-9);
    }
}
