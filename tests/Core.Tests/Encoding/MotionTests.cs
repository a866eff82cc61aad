using HunyuanPortrait.Core.Encoding;
using HunyuanPortrait.Core.Frames;
using HunyuanPortrait.Core.Geometry;
using HunyuanPortrait.Core.Latents;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Core.Tests.Recorded;

namespace HunyuanPortrait.Core.Tests.Encoding;

public sealed class MotionTests
{
    [Fact]
    public void Measure_RecordedExamples_GivesRecordedIds()
    {
        foreach (var example in Fixture.Json("motion-bucket-examples").EnumerateArray())
        {
            var group = example.GetProperty("landmarks").EnumerateArray().Select(face => FaceLandmarks.FromPoints(
                [.. face.EnumerateArray().Select(point => new PicturePoint(point[0].GetDouble(), point[1].GetDouble()))])).ToArray();
            var expected = new MotionIntensity(example.GetProperty("head").GetInt32(), example.GetProperty("exp").GetInt32());
            Assert.Equal(expected, MotionIntensityMeter.Measure(group));
        }
    }

    [Theory, InlineData("37"), InlineData("35-pad2"), InlineData("5-short"), InlineData("12-strength")]
    public void Measure_GroupsOfRecordedRuns_GivesRecordedIds(string name)
    {
        var recorded = SamplingCase.Load(name);
        var landmarks = recorded.Landmarks;
        var ids = FrameRange.Cut(recorded.RawFrames, recorded.MotionGroupLength)
            .Select(group => MotionIntensityMeter.Measure(landmarks[group.Start..group.End]))
            .SelectMany(intensity => new[] { intensity.Head, intensity.Expression });
        Assert.Equal(recorded.Tensors.Ints("motion_bucket_ids_head_exp"), ids);
    }

    [Fact]
    public void Measure_FaceWithoutSize_IsRefused() =>
        Assert.Throws<ArgumentException>(() => MotionIntensityMeter.Measure([FaceLandmarks.FromPoints(new PicturePoint[5])]));

    [Theory, InlineData("35-pad2"), InlineData("5-short"), InlineData("12-strength")]
    public void ReadTokens_RecordedRuns_GivesRecordedPadding(string name)
    {
        var recorded = SamplingCase.Load(name);
        var raw = recorded.Tensors.Floats("motion_tokens_raw");
        using var store = new MemoryFrameStore(recorded.RawFrames, raw.Length / recorded.RawFrames);
        raw.CopyTo(store.Values);
        var plan = new PaddingPlan(recorded.RawFrames, recorded.Padding);
        var padded = new float[plan.PaddedCount * store.ValuesPerFrame];
        for (var frame = 0; frame < plan.PaddedCount; frame++)
            plan.ReadTokens(store, frame, padded.AsSpan(frame * store.ValuesPerFrame, store.ValuesPerFrame));
        Assert.Equal(recorded.Tensors.Floats("motion_tokens_padded"), padded);
    }

    [Fact]
    public void SourceOf_FramesAroundTheClip_FadeInAndOut()
    {
        var plan = new PaddingPlan(FrameCount: 10, Padding: 4);
        Assert.Equal(18, plan.PaddedCount);
        Assert.Equal([0f, 0.25f, 0.5f, 0.75f, 1f], Enumerable.Range(0, 5).Select(frame => plan.SourceOf(frame).Weight));
        Assert.Equal([1f, 1f, 0.75f, 0.5f, 0.25f], Enumerable.Range(13, 5).Select(frame => plan.SourceOf(frame).Weight));
        Assert.Equal([9, 9], new[] { 13, 17 }.Select(frame => plan.SourceOf(frame).Frame));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.SourceOf(18));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void Assemble_TwoFrames_AppendsRotationAndScaledTranslationToEveryToken(int scale)
    {
        var refined = new FloatTensor(new TensorShape(2, 2, 1), new float[] { 10, 11, 20, 21 });
        var rotation = new FloatTensor(new TensorShape(2, 3), new float[] { 1, 2, 3, 4, 5, 6 });
        var translation = new FloatTensor(new TensorShape(2, 3), new float[] { -1, 2, -0.5f, 1, 0, 0 });
        var tokens = Enumerable.Repeat(float.NaN, 2 * 2 * 7).ToArray();
        MotionTokens.Assemble(refined, rotation, translation, scale, tokens);
        float[] first = scale == 0 ? [1, 2, 3, 0, 0, 0] : [1, 2, 3, -20, 40, -10], second = [4, 5, 6, scale, 0, 0];
        Assert.Equal([10, .. first, 11, .. first, 20, .. second, 21, .. second], tokens);
        Assert.All(tokens, value => Assert.False(value == 0 && float.IsNegative(value)));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void Assemble_PoseOfOtherLength_IsRefused(int rotations, int translations) =>
        Assert.Throws<ArgumentException>(() => MotionTokens.Assemble(
            FloatTensor.Zeros(2, 2, 1), FloatTensor.Zeros(rotations, 3), FloatTensor.Zeros(translations, 3), 0, new float[28]));
}
