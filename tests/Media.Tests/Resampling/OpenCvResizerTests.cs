using HunyuanPortrait.Media.Resampling;

namespace HunyuanPortrait.Media.Tests.Resampling;

public sealed class OpenCvResizerTests
{
    private static readonly RecordedTensors Recorded = RecordedTensors.Fixture("resize-and-masks.safetensors");

    [Theory]
    [InlineData("cv2_linear_w64_h64")]
    [InlineData("cv2_linear_w256_h200")]
    [InlineData("cv2_linear_w131_h50")]
    public void Resize_RecordedPicture_IsBitExact(string name)
    {
        var expected = Recorded.Picture(name);
        var actual = new OpenCvResizer().Resize(Recorded.Picture("resize_source_uint8_hwc"), expected.Width, expected.Height);
        Assert.Equal(expected.Pixels.ToArray(), actual.Pixels.ToArray());
    }
}
