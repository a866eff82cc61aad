using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Pictures;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Rendering.Stages;

namespace HunyuanPortrait.Rendering.Tests.Stages;

public sealed class MotionStageTests
{
    private const int GroupLength = 3;
    private readonly RecordingEncoder encoder = new();

    [Theory]
    [InlineData(1, "1")]
    [InlineData(3, "3")]
    [InlineData(7, "3 3 1")]
    public void Frames_OfAClip_AreEncodedInGroups(int frames, string groups)
    {
        using var store = new AppendedFrames(MemoryFrameStore.Factory, "tokens", RecordingEncoder.Values, 2);
        var stage = Stage(FaceSelection.AssumedCentred, MissingFacePolicy.Fail, store);
        for (var i = 0; i < frames; i++)
            Assert.True(stage.Add(Grey(i), TestContext.Current.CancellationToken));
        stage.Finish(TestContext.Current.CancellationToken);
        Assert.Equal(groups, string.Join(' ', encoder.Groups));
        Assert.Equal(frames, store.FrameCount);
    }

    [Fact]
    public void Tokens_OfEveryFrame_StandAtItsPlace()
    {
        using var store = new AppendedFrames(MemoryFrameStore.Factory, "tokens", RecordingEncoder.Values, 2);
        var stage = Stage(FaceSelection.AssumedCentred, MissingFacePolicy.Fail, store);
        for (var i = 0; i < 5; i++)
            stage.Add(Grey(10 * i), TestContext.Current.CancellationToken);
        stage.Finish(TestContext.Current.CancellationToken);
        Assert.Equal(
            [0f, 10f, 20f, 30f, 40f],
            Enumerable.Range(0, 5).Select(frame => Level(store, frame)));
    }

    [Fact]
    public void DroppedFrames_Always_LeaveNoGap()
    {
        using var store = new AppendedFrames(MemoryFrameStore.Factory, "tokens", RecordingEncoder.Values, 2);
        var stage = Stage(FaceSelection.Detected, MissingFacePolicy.Drop, store);
        Assert.Equal(
            [true, false, true, false],
            new[] { 100, 0, 120, 0 }.Select(level => stage.Add(Grey(level), TestContext.Current.CancellationToken)));
        stage.Finish(TestContext.Current.CancellationToken);
        Assert.Equal(2, store.FrameCount);
        Assert.Equal([100f, 120f], new[] { 0, 1 }.Select(frame => Level(store, frame)));
    }

    private MotionStage Stage(FaceSelection selection, MissingFacePolicy policy, AppendedFrames store)
    {
        var tracker = new FaceTracker(new BrightPictureIsAFace(), selection, policy);
        Assert.True(tracker.Seek(Grey(100)));
        return new MotionStage(encoder, tracker, new MotionCropper(16, tracker.FirstFace!, 64, 64), store);
    }

    private static float Level(AppendedFrames store, int frame)
    {
        var values = new float[RecordingEncoder.Values];
        store.Read(frame, values);
        return MathF.Round(values[0] * 255);
    }

    private static RgbImage Grey(int level)
    {
        var picture = RgbImage.Black(64, 64);
        picture.Pixels.Span.Fill((byte)level);
        return picture;
    }

    /// <summary>Every picture that is not dark is one face.</summary>
    private sealed class BrightPictureIsAFace : IFaceDetector
    {
        public IReadOnlyList<FaceDetection> Detect(RgbImage image)
        {
            if (image.Pixels.Span[0] < 50)
                return [];
            var face = new FaceLandmarks(new(24, 28), new(40, 28), new(32, 36), new(26, 44), new(38, 44));
            return [new FaceDetection(Box.FromSize(20, 20, 24, 28), face, 1)];
        }
    }

    /// <summary>A frame's tokens are the first value of its head crop.</summary>
    private sealed class RecordingEncoder : IMotionEncoder
    {
        public const int Values = 6;

        public List<int> Groups { get; } = [];

        public int GroupLength => MotionStageTests.GroupLength;

        public int TokenCount => 2;

        public int TokenWidth => 3;

        public void Encode(FloatTensor faceCrops, FloatTensor headCrops, MotionIntensity intensity, Span<float> tokens, CancellationToken cancellationToken)
        {
            var count = headCrops.Shape[0];
            Groups.Add(count);
            for (var i = 0; i < count; i++)
                tokens.Slice(i * Values, Values).Fill(headCrops.Values[i * headCrops.Values.Length / count]);
        }
    }
}
