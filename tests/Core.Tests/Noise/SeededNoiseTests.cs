using HunyuanPortrait.Core.Noise;

namespace HunyuanPortrait.Core.Tests.Noise;

public sealed class SeededNoiseTests
{
    // The known answers that the authors publish with Random123 (kat_vectors, philox4x32 10).
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0ul, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xfffffffffffffffful, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0x299f31d0a4093822ul, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Generate_PublishedCounters_GivesPublishedBits(
        uint c0, uint c1, uint c2, uint c3, ulong key, uint r0, uint r1, uint r2, uint r3) =>
        Assert.Equal(new PhiloxBlock(r0, r1, r2, r3), Philox.Generate(new PhiloxBlock(c0, c1, c2, c3), key));

    [Fact]
    public void Log_AnyUniformNumber_AgreesWithTheLibrary()
    {
        for (var word = 0u; word < uint.MaxValue - 9_999_991; word += 9_999_991)
        {
            var uniform = (word + 0.5) / 4294967296;
            Assert.Equal(Math.Log(uniform), BoxMuller.Log(uniform), 4e-15 * Math.Max(1, -Math.Log(uniform)));
        }
    }

    [Fact]
    public void SinCos_AnyAngle_AgreesWithTheLibrary()
    {
        for (var word = 0u; word < uint.MaxValue - 9_999_991; word += 9_999_991)
        {
            var (sine, cosine) = Math.SinCos(2 * Math.PI * (word / 4294967296.0));
            Assert.Equal(sine, BoxMuller.SinCos(word).Sine, 2e-15);
            Assert.Equal(cosine, BoxMuller.SinCos(word).Cosine, 2e-15);
        }
    }

    [Fact]
    public void Fill_ManyNumbers_AreStandardNormal()
    {
        var noise = Frame(seed: 72580, frame: 3, length: 400_000);
        var mean = noise.Average(value => (double)value);
        double Moment(int power) => noise.Average(value => Math.Pow(value - mean, power));
        Assert.Equal(0, mean, 5e-3);
        Assert.Equal(1, Moment(2), 8e-3);
        Assert.Equal(0, Moment(3), 2e-2);
        Assert.Equal(3, Moment(4), 5e-2);
        Assert.Equal(0.6827, noise.Count(value => Math.Abs(value) < 1) / 4e5, 3e-3);
    }

    [Fact]
    public void Fill_PartOfAFrame_GivesTheSameNumbers()
    {
        var whole = Frame(5, 8, 103);
        Assert.Equal(whole[..50], Frame(5, 8, 50));
    }

    [Fact]
    public void Fill_OtherFrameOrSeed_GivesOtherNumbers()
    {
        var noise = Frame(5, 8, 16);
        Assert.Empty(noise.Intersect(Frame(5, 9, 16)));
        Assert.Empty(noise.Intersect(Frame(6, 8, 16)));
    }

    // Written down once: these bits must never change on any platform, or a seed would mean another picture.
    [Fact]
    public void Fill_SeedOfTheReference_GivesTheseBits()
    {
        var bits = Frame(72580, 0, 4).Select(BitConverter.SingleToInt32Bits);
        Assert.Equal([-1101480234, 1054258523, -1089644700, -1090781093], bits);
    }

    [Fact]
    public void Fill_RecordedNoise_GivesTheFrame()
    {
        var noise = new float[2];
        new RecordedNoise(new float[] { 1, 2, 3, 4, 5, 6 }).Fill(1, noise);
        Assert.Equal([3f, 4f], noise);
    }

    private static float[] Frame(ulong seed, int frame, int length)
    {
        var noise = new float[length];
        new SeededNoise(seed).Fill(frame, noise);
        return noise;
    }
}
