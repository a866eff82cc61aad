using HunyuanPortrait.Drawing.Identities;
using HunyuanPortrait.Drawing.Painting;
using HunyuanPortrait.Drawing.Streams;

namespace HunyuanPortrait.Drawing.Tests.Streams;

public sealed class DrawnStreamTests
{
    private static readonly SamplePlan Stills = new(5, IdentitySplit.Train, 32) { Blocks = 2, Identities = 3, Motions = 4 };
    private static readonly SamplePlan Clips = new(6, IdentitySplit.HeldOut, 24) { Blocks = 1, Identities = 2, Motions = 2, FramesPerMotion = 5 };

    public static TheoryData<SamplePlan> Plans => [Stills, Clips];

    [Theory, MemberData(nameof(Plans))]
    public async Task Read_WhatWasWritten_GivesPlanAndSamples(SamplePlan plan)
    {
        var stream = await WriteAsync(plan, threads: 2);
        var reader = DrawnStreamReader.Open(stream);
        Assert.Equal(plan, reader.Plan);
        for (var i = 0; i < plan.Samples; i++)
        {
            var key = plan.At(i / plan.SamplesPerBlock, i % plan.SamplesPerBlock);
            var expected = PortraitPainter.Paint(Identity.FromNumber(key.Identity), key.Motion, plan.Size);
            var sample = reader.Read();
            Assert.Equal(key, sample.Key);
            Assert.True(expected.Picture.Pixels.Span.SequenceEqual(sample.Portrait.Picture.Pixels.Span));
            Assert.True(expected.FaceMask.Span.SequenceEqual(sample.Portrait.FaceMask.Span));
            Assert.True(expected.ExpressionMask.Span.SequenceEqual(sample.Portrait.ExpressionMask.Span));
            Assert.Equal(expected.Landmarks.Nose.X, sample.Portrait.Landmarks.Nose.X, 3);
            Assert.Equal(expected.FaceBox.Bottom, sample.Portrait.FaceBox.Bottom, 3);
        }

        Assert.Equal(stream.Length, stream.Position);
    }

    [Fact]
    public async Task WriteAsync_AnyThreads_GivesTheSameBytes()
    {
        var (one, three) = (await WriteAsync(Stills, threads: 1), await WriteAsync(Stills, threads: 3));
        Assert.Equal(one.ToArray(), three.ToArray());
    }

    [Fact]
    public async Task WriteAsync_Stills_HaveTheDocumentedLength()
    {
        var stream = await WriteAsync(Stills, threads: 1);
        Assert.Equal(64 + Stills.Samples * (128 + 5 * 32 * 32), stream.Length);
    }

    [Fact]
    public void At_ABlock_ShowsEveryPersonUnderEveryMotion()
    {
        var block = Enumerable.Range(0, Stills.SamplesPerBlock).Select(index => Stills.At(1, index)).ToArray();
        Assert.Equal(Stills.Identities, block.Select(key => key.Identity).Distinct().Count());
        Assert.All(block.GroupBy(key => key.Column), column => Assert.Single(column.Select(key => key.Motion).Distinct()));
        Assert.Equal(Stills.Motions, block.Select(key => key.Motion).Distinct().Count());
    }

    [Fact]
    public void At_FirstColumn_IsAPortrait()
    {
        for (var block = 0; block < 50; block++)
        {
            var motion = Stills.At(block, 0).Motion;
            Assert.True(motion is { LeftEye: > 0.65f, RightEye: > 0.65f, Jaw: < 0.15f, Yaw: > -0.22f and < 0.22f });
        }
    }

    [Fact]
    public void At_Clips_FollowAPerformance()
    {
        var run = Enumerable.Range(1, 5).Select(index => Clips.At(0, index)).ToArray();
        Assert.Equal([0, 1, 2, 3, 4], run.Select(key => key.Frame));
        Assert.Equal(5, run.Select(key => key.Motion).Distinct().Count());
        Assert.All(run.Zip(run.Skip(1)), pair => Assert.InRange(Math.Abs(pair.First.Motion.Yaw - pair.Second.Motion.Yaw), 0, 0.05));
    }

    [Fact]
    public void At_Splits_ShareNobody()
    {
        var held = Stills with { Split = IdentitySplit.HeldOut, Blocks = 100 };
        Assert.All(Enumerable.Range(0, 100), block => Assert.Equal(IdentitySplit.HeldOut, IdentityNumbers.SplitOf(held.At(block, 0).Identity)));
        Assert.All(Enumerable.Range(0, 100), block => Assert.Equal(IdentitySplit.Train, IdentityNumbers.SplitOf(Stills.At(block, 0).Identity)));
    }

    [Fact]
    public void Open_SomethingElse_IsRefused() => Assert.Throws<InvalidDataException>(() => DrawnStreamReader.Open(new MemoryStream(new byte[64])));

    [Fact]
    public async Task Read_CutOff_IsRefused()
    {
        var bytes = (await WriteAsync(Clips, threads: 1)).ToArray();
        var reader = DrawnStreamReader.Open(new MemoryStream(bytes[..^1]));
        for (var i = 1; i < Clips.Samples; i++)
            reader.Read();
        Assert.Throws<EndOfStreamException>(reader.Read);
    }

    private static async Task<MemoryStream> WriteAsync(SamplePlan plan, int threads)
    {
        var stream = new MemoryStream();
        await DrawnStreamWriter.WriteAsync(plan, stream, threads, TestContext.Current.CancellationToken);
        stream.Position = 0;
        return stream;
    }
}
