using HunyuanPortrait.Core.Decoding;
using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Rendering.Stages;

namespace HunyuanPortrait.Rendering.Tests.Stages;

public sealed class DecodeStageTests
{
    private const int Side = 16;
    private static readonly ModelGeometry Geometry = new(Side, Side, 4, 8, 0.18215f, 4, 4, 4, 16, 16, 28, 32, 16);

    [Fact]
    public void Frames_OfAPaddedClip_AreThoseBetweenThePadding()
    {
        using var latents = Latents(new PaddingPlan(5, 3));
        var stage = new DecodeStage(new ChunkDecoder(new LatentBecomesBrightness(), latents, Geometry, 4), background: null);
        var levels = stage.Frames(DecodePlan.Chunks(new PaddingPlan(5, 3), 4), TestContext.Current.CancellationToken)
            .Select(frame => frame.Pixels.Span[0]).ToArray();
        Assert.Equal([3, 4, 5, 6, 7], levels.Select(level => (int)level));
    }

    [Fact]
    public void Frames_WithBackground_HaveItsSizeAndKeepItsBorder()
    {
        using var latents = Latents(new PaddingPlan(2, 0));
        var portrait = RgbImage.Black(40, 30);
        portrait.Pixels.Span.Fill(200);
        var stage = new DecodeStage(new ChunkDecoder(new LatentBecomesBrightness(), latents, Geometry, 4), new Background(portrait, new PixelRegion(10, 5, 30, 25)));
        foreach (var frame in stage.Frames(DecodePlan.Chunks(new PaddingPlan(2, 0), 4), TestContext.Current.CancellationToken))
        {
            Assert.Equal((40, 30), (frame.Width, frame.Height));
            Assert.Equal(200, frame.Row(0)[0]);
            Assert.True(frame.Row(15)[20 * RgbImage.Channels] < 10);
        }
    }

    private static MemoryFrameStore Latents(PaddingPlan padding)
    {
        var store = new MemoryFrameStore(padding.PaddedCount, Geometry.LatentValues);
        for (var frame = 0; frame < padding.PaddedCount; frame++)
        {
            var values = new float[Geometry.LatentValues];
            // The middle of a step of 1/255, so that truncation cannot fall to its neighbour.
            Array.Fill(values, (frame + 0.5f) / 255 * 2 - 1);
            store.Write(frame, values);
        }

        return store;
    }

    private sealed class LatentBecomesBrightness : IFrameDecoder
    {
        public void Decode(ReadOnlyMemory<float> latents, int frameCount, Span<float> pixels, CancellationToken cancellationToken)
        {
            for (var frame = 0; frame < frameCount; frame++)
                pixels.Slice(frame * pixels.Length / frameCount, pixels.Length / frameCount).Fill(latents.Span[frame * latents.Length / frameCount]);
        }
    }
}
