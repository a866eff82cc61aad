using CsCheck;
using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Frames;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tests.Recorded;

namespace HunyuanPortrait.Core.Tests.Decoding;

public sealed class DecodingTests
{
    [Fact]
    public void Chunks_OfficialPadding_BeginWithTheChunkThatHoldsTheFirstFrame()
    {
        var chunks = DecodePlan.Chunks(new PaddingPlan(FrameCount: 120, Padding: 15), chunkLength: 8);
        Assert.Equal(new DecodeChunk(new FrameRange(8, 8), new FrameRange(15, 1)), chunks[0]);
        Assert.Equal(7, chunks[0].KeptOffset);
        Assert.Equal(new DecodeChunk(new FrameRange(128, 8), new FrameRange(128, 7)), chunks[^1]);
    }

    [Fact]
    public void Chunks_AnyClip_KeepEveryFrameOnceOnTheGrid() =>
        Gen.Select(Gen.Int[1, 100], Gen.Int[0, 40], Gen.Int[1, 20]).Sample((frames, padding, length) =>
        {
            var chunks = DecodePlan.Chunks(new PaddingPlan(frames, padding), length);
            var kept = chunks.SelectMany(chunk => Enumerable.Range(chunk.Kept.Start, chunk.Kept.Length));
            Assert.Equal(Enumerable.Range(padding, frames), kept);
            Assert.All(chunks, chunk =>
            {
                Assert.Equal(0, chunk.Frames.Start % length);
                Assert.Equal(Math.Min(length, frames + 2 * padding - chunk.Frames.Start), chunk.Frames.Length);
                Assert.Equal(chunk.Kept, chunk.Kept.Intersect(chunk.Frames));
            });
        });

    [Fact]
    public void ToRgb_RecordedFrame_GivesRecordedPixels()
    {
        var recorded = RecordedTensors.Load("pixels");
        var picture = RgbImage.Black(64, 64);
        PixelConversion.ToRgb(recorded.Floats("decoded"), picture);
        Assert.Equal(recorded.Bytes("rgb"), picture.Pixels.ToArray());
    }

    [Fact]
    public void ToRgb_ValuesOutsideTheRange_AreClampedAndTruncated()
    {
        var picture = RgbImage.Black(2, 1);
        PixelConversion.ToRgb([-3, 1, 0, 0.999f, 7, -1], picture);
        Assert.Equal(new byte[] { 0, 127, 255, 255, 254, 0 }, picture.Pixels.ToArray());
    }
}
