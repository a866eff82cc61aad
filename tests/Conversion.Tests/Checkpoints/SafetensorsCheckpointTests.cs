using System.Text;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.FullSize;

namespace HunyuanPortrait.Conversion.Tests.Checkpoints;

public sealed class SafetensorsCheckpointTests
{
    [Theory]
    [InlineData("not JSON", """{"a":""", "HP2004")]
    [InlineData("an array", "{}]", "HP2004")]
    [InlineData("offsets past the end", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[4],"data_offsets":[16,32]}}""", "HP2003")]
    [InlineData("offsets that overflow", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[9223372036854775800,9223372036854775807]}}""", "HP2003")]
    [InlineData("offsets beyond 64 bits", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,18446744073709551616]}}""", "HP2004")]
    [InlineData("negative offsets", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[-16,0]}}""", "HP2004")]
    [InlineData("backward offsets", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[16,0]}}""", "HP2004")]
    [InlineData("offsets of text", """{"a":{"dtype":"F32","shape":[4],"data_offsets":["0","16"]}}""", "HP2004")]
    [InlineData("three offsets", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,8,16]}}""", "HP2004")]
    [InlineData("shape larger than span", """{"a":{"dtype":"F32","shape":[5],"data_offsets":[0,16]}}""", "HP2004")]
    [InlineData("shape smaller than span", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}}""", "HP2004")]
    [InlineData("negative shape", """{"a":{"dtype":"F32","shape":[-2,-2],"data_offsets":[0,16]}}""", "HP2004")]
    [InlineData("fractional shape", """{"a":{"dtype":"F32","shape":[4.5],"data_offsets":[0,16]}}""", "HP2004")]
    [InlineData("shape that overflows", """{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647,2147483647],"data_offsets":[0,16]}}""", "HP2004")]
    [InlineData("overlap", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "HP2004")]
    [InlineData("gap", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "HP2004")]
    [InlineData("bytes nobody owns", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "HP2004")]
    [InlineData("a name twice", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "HP2004")]
    [InlineData("no dtype", """{"a":{"shape":[4],"data_offsets":[0,16]}}""", "HP2004")]
    [InlineData("an unknown dtype", """{"a":{"dtype":"F8_E4M3","shape":[16],"data_offsets":[0,16]}}""", "HP2012")]
    [InlineData("metadata that is no text", """{"__metadata__":{"x":1},"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "HP2004")]
    [InlineData("broken Unicode", """{"\ud800":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "HP2004")]
    public void Open_HeaderThatLies_IsRefused(string form, string header, string code)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("lies.safetensors", Build((ulong)header.Length, header, new byte[16]));
        Assert.Equal((form, code), (form, Assert.Throws<RenderException>(() => Checkpoint.Open(path).Dispose()).Code));
    }

    [Theory]
    [InlineData(1000, "HP2003")]
    [InlineData(100_000_001, "HP2004")]
    [InlineData(3, "HP2004")]
    public void Open_HeaderLengthThatLies_IsRefused(ulong length, string code)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("lies.safetensors", Build(length, """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", new byte[16]));
        Assert.Equal(code, Assert.Throws<RenderException>(() => Checkpoint.Open(path).Dispose()).Code);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 7)]
    [InlineData(1UL << 63)]
    public void OpenAsSafetensors_HeaderLengthThatOverflows_IsRefused(ulong length)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("lies.safetensors", Build(length, "{}", []));
        Assert.Equal("HP2004", Assert.Throws<RenderException>(() => SafetensorsCheckpoint.Open(path).Dispose()).Code);
    }

    [Fact]
    public void Write_EveryType_ReadsBack()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("types.safetensors");
        var types = Enum.GetValues<ElementType>();
        float[] values = [0, 1, 1, 0, 1, 0];
        using (var writer = new SafetensorsWriter(path, [.. types.Select(type => new TensorEntry($"{type}", new TensorShape(2, 3), type))], new Dictionary<string, string> { ["made"] = "here" }))
        {
            foreach (var _ in types)
                writer.Write(values);
        }
        using var checkpoint = SafetensorsCheckpoint.Open(path);
        Assert.Equal("here", checkpoint.Metadata["made"]);
        Assert.Equal(types, checkpoint.Tensors.Values.Select(entry => entry.Type));
        foreach (var type in types)
        {
            var read = new float[6];
            checkpoint.ReadFloats($"{type}", read);
            Assert.Equal(values, read);
        }
    }

    [Fact]
    public void Write_ScalarAndEmptyTensor_ReadsBack()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("small.safetensors");
        using (var writer = new SafetensorsWriter(path, [new("scalar", new TensorShape(), ElementType.Float64), new("empty", new TensorShape(0, 3), ElementType.Float16)]))
        {
            writer.Write([-2.5f]);
            writer.Write([]);
        }
        using var checkpoint = Checkpoint.Open(path);
        var read = CheckpointComparison.ReadAll(checkpoint);
        Assert.Equal([-2.5], read["scalar"]);
        Assert.Empty(read["empty"]);
    }

    [Fact]
    public void Write_HalvesAndBFloats_RoundToNearestEven()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("round.safetensors");
        float[] values = [1.00390625f, 1.01171875f, float.PositiveInfinity, float.NaN, -65504f];
        using (var writer = new SafetensorsWriter(path, [new("half", new TensorShape(5), ElementType.Float16), new("bf", new TensorShape(5), ElementType.BFloat16)]))
        {
            writer.Write(values);
            writer.Write(values);
        }
        using var checkpoint = Checkpoint.Open(path);
        var read = CheckpointComparison.ReadAll(checkpoint);
        Assert.Equal([1.00390625, 1.01171875, double.PositiveInfinity, double.NaN, -65504], read["half"]);
        Assert.Equal([1, 1.015625, double.PositiveInfinity, double.NaN, -65536], read["bf"]);
    }

    private static byte[] Build(ulong headerLength, string header, byte[] data) =>
        new LittleEndian().U64(headerLength).Append(Encoding.UTF8.GetBytes(header)).Append(data).ToArray();
}
