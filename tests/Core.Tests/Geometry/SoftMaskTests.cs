using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Tests.Recorded;

namespace HunyuanPortrait.Core.Tests.Geometry;

public sealed class SoftMaskTests
{
    [Theory, InlineData(101, 77), InlineData(37, 23), InlineData(9, 30)]
    public void Create_RecordedSizes_GivesRecordedMasks(int width, int height) =>
        Close.Absolute(RecordedTensors.Load("soft-masks").Floats($"soft_mask_w{width}_h{height}"), SoftMask.Create(width, height), 1e-7);

    [Fact]
    public void Create_BordersOfOnePixel_FadeOnlyOnTheNearSide()
    {
        var mask = SoftMask.Create(10, 10);
        Assert.Equal(0, mask[5 * 10]);
        Assert.Equal(1, mask[5 * 10 + 9]);
    }
}
