using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Tests.Checkpoints;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.FullSize;

namespace HunyuanPortrait.Conversion.Tests.FullSize;

public sealed class ProceduralWeightsTests
{
    [Theory]
    [InlineData("unet:conv_in.weight", new[] { -0.644973159f, -0.749071956f, 0.765783668f, -0.864169478f })]
    [InlineData("x", new[] { -0.597583532f, 0.617053509f, 0.286647201f, 0.656218767f })]
    public void Uniform_OfKey_IsRecordedValue(string key, float[] expected)
    {
        var seed = ProceduralWeights.Seed(key);
        Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(i => ProceduralWeights.Uniform(seed, i)));
    }

    [Fact]
    public void Uniform_OfReferenceKeys_IsGeneratorCheck()
    {
        var path = Reference.Find("golden/full-size/generator_check.safetensors");
        Assert.SkipUnless(path is not null, "needs ../shared/reference");
        using var check = Checkpoint.Open(path);
        foreach (var (name, values) in CheckpointComparison.ReadAll(check))
        {
            var seed = ProceduralWeights.Seed(name["unit/".Length..]);
            Assert.Equal(values, Enumerable.Range(0, values.Length).Select(i => (double)ProceduralWeights.Uniform(seed, i)));
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
    public void Create_ByName_HasMeanAndAmplitude(string name, int[] shape, double mean, double amplitude)
    {
        var values = ProceduralWeights.Create("unet", 2, name, shape);
        Assert.InRange(values.Min(), mean - amplitude, mean - (0.9 * amplitude));
        Assert.InRange(values.Max(), mean + (0.9 * amplitude), mean + amplitude);
    }

    [Fact]
    public void WriteTensors_AsPth_ReadsBack()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("tiny.pth");
        TensorEntry[] entries =
        [
            new("a.weight", new TensorShape(300, 7, 3), ElementType.Float32), new("a.bias", new TensorShape(300), ElementType.Float16),
            new("a.num_batches_tracked", new TensorShape(), ElementType.Int64), new("b.weight", new TensorShape(2, 2), ElementType.BFloat16),
        ];
        OfficialLayout.WriteTensors(path, entries, entry => [.. Enumerable.Range(0, (int)entry.Shape.ElementCount).Select(i => (float)(i % 128))]);
        using var checkpoint = Checkpoint.Open(path);
        Assert.Equal(entries.Select(entry => $"{entry}"), checkpoint.Tensors.Values.Select(entry => $"{entry}"));
        foreach (var (name, values) in CheckpointComparison.ReadAll(checkpoint))
            Assert.Equal(Enumerable.Range(0, values.Length).Select(i => (double)(i % 128)), values);
    }
}
