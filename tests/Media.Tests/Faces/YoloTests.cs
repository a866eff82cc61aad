using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Media.Faces.Yolo;
using HunyuanPortrait.Media.Resampling;

namespace HunyuanPortrait.Media.Tests.Faces;

public sealed class YoloTests
{
    private static readonly RecordedTensors Recorded = RecordedTensors.Fixture("yolo-postprocess.safetensors");

    [Fact]
    public void Size_RecordedCrop_IsTheNetworksInput() => Assert.Equal((608, 416), YoloInput.Size(700, 500, 416));

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    public void Grid_OfEveryStride_HoldsCellIndices(int stride)
    {
        var grid = YoloInput.Grid(608, 416, stride);
        Assert.Equal(Recorded.Shape($"grid_{stride}"), grid.Shape.Dimensions);
        Assert.Equal(Recorded.Floats($"grid_{stride}"), grid.Values.ToArray());
    }

    [Fact]
    public void Decode_RecordedPrediction_GivesTheRecordedFaces()
    {
        var faces = YoloPostprocess.Decode(Recorded.Tensor("raw_prediction"), 700 / 608.0, 500 / 416.0, YoloThresholds.Default);
        Assert.Equal(Recorded.Doubles("scores"), faces.Select(face => face.Score));
        AssertClose(Recorded.Doubles("boxes_xywh"), faces.SelectMany(face => new[] { face.Box.Left, face.Box.Top, face.Box.Width, face.Box.Height }));
        AssertClose(Recorded.Doubles("keypoints"), faces.SelectMany(face => face.Landmarks.Points).SelectMany(point => new[] { point.X, point.Y }));
    }

    [Fact]
    public void Resize_RecordedCrop_IsTheNetworksInput()
    {
        var picture = PictureRegions.Cut(SharedReference.Picture("golden/preprocess/two_faces.png"), new PixelRegion(162, 6, 862, 506));
        var planes = PicturePlanes.ToUnit(YoloInput.Resize(picture, 416));
        var expected = Recorded.Bytes("network_input_uint8");
        Assert.Equal(expected.ToArray(), planes.Values.ToArray().Select(value => (byte)MathF.Round(value * 255)));
    }

    private static void AssertClose(double[] expected, IEnumerable<double> actual)
    {
        var values = actual.ToArray();
        Assert.Equal(expected.Length, values.Length);
        // Single precision at up to a thousand pixels.
        Assert.All(expected.Zip(values), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4));
    }
}
