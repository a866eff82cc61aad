using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Tests.FullSize;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.FullSize;

namespace HunyuanPortrait.Conversion.Tests.Checkpoints;

public sealed class ProceduralTensorsTests
{
    [Theory]
    [InlineData("unet:conv_in.weight", new[] { -0.644973159f, -0.749071956f, 0.765783668f, -0.864169478f })]
    [InlineData("x", new[] { -0.597583532f, 0.617053509f, 0.286647201f, 0.656218767f })]
    public void Uniform_OfKey_IsRecordedValue(string key, float[] expected)
    {
        var seed = ProceduralTensors.Seed(key);
        Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(i => ProceduralTensors.Uniform(seed, i)));
    }

    [Fact]
    public void Uniform_OfReferenceKeys_IsGeneratorCheck()
    {
        var path = Reference.Find("golden/full-size/generator_check.safetensors");
        Assert.SkipUnless(path is not null, "needs ../shared/reference");
        using var check = Checkpoint.Open(path);
        foreach (var (name, values) in CheckpointComparison.ReadAll(check))
        {
            var seed = ProceduralTensors.Seed(name["unit/".Length..]);
            Assert.Equal(values, Enumerable.Range(0, values.Length).Select(i => (double)ProceduralTensors.Uniform(seed, i)));
        }
    }

    [Theory]
    [InlineData("bn.num_batches_tracked", new int[0], 0, 0)]
    [InlineData("bn.running_var", new[] { 4096 }, 1, 0.5)]
    [InlineData("bn.running_mean", new[] { 4096 }, 0, 0.2)]
    [InlineData("mixer.mix_factor", new[] { 4096 }, 0, 1)]
    [InlineData("ls1.gamma", new[] { 4096 }, 0.5, 0.3)]
    [InlineData("attn.in_proj_bias", new[] { 4096 }, 0, 0.15)]
    [InlineData("norm.weight", new[] { 4096 }, 1, 0.3)]
    [InlineData("pos_embed", new[] { 1, 64, 64 }, 0, 0.8)]
    [InlineData("position_head.weight", new[] { 64, 64 }, 0, 0.8)]
    [InlineData("conv.weight", new[] { 64, 3, 5, 5 }, 0, 0.4)]
    public void ReadFloats_ByName_HasMeanAndAmplitude(string name, int[] shape, double mean, double amplitude)
    {
        using var checkpoint = new ProceduralCheckpoint("unet", 2, [new TensorEntry(name, new TensorShape(shape), ElementType.Float32)]);
        var values = OfficialLayout.Read(checkpoint, checkpoint.Tensors[name]);
        Assert.InRange(values.Min(), mean - amplitude, mean - (0.9 * amplitude));
        Assert.InRange(values.Max(), mean + (0.9 * amplitude), mean + amplitude);
    }
}
