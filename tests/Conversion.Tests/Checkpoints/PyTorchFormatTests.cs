using HunyuanPortrait.Conversion.Checkpoints;

namespace HunyuanPortrait.Conversion.Tests.Checkpoints;

/// <summary>Files that <c>torch.save</c> wrote, with their expected contents (golden/pth-format).</summary>
public sealed class PyTorchFormatTests
{
    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "Fixtures", "pth-format");

    public static TheoryData<string> Cases =>
        [.. Directory.EnumerateFiles(Fixtures, "*.pth").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Cases))]
    public void Open_FileOfPyTorch_HasExpectedTensors(string name)
    {
        using var expected = Checkpoint.Open(Path.Combine(Fixtures, $"{name}.expected.safetensors"));
        using var actual = Checkpoint.Open(Path.Combine(Fixtures, $"{name}.pth"));
        CheckpointComparison.AssertSame(expected, actual);
    }

    [Fact]
    public void Cases_Always_AreAllEight() => Assert.Equal(8, Cases.Count);

    [Theory]
    [InlineData("plain_fp16", "0.weight", ElementType.Float16)]
    [InlineData("plain_bf16", "0.weight", ElementType.BFloat16)]
    [InlineData("plain_fp32", "2.num_batches_tracked", ElementType.Int64)]
    [InlineData("views_and_types", "f64", ElementType.Float64)]
    [InlineData("views_and_types", "boolean", ElementType.Bool)]
    public void Tensors_OfFile_KeepElementType(string file, string tensor, ElementType type)
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(Fixtures, $"{file}.pth"));
        Assert.Equal(type, checkpoint.Tensors[tensor].Type);
    }

    [Fact]
    public void Open_BigEndianByteOrder_SwapsElements()
    {
        using var folder = new TemporaryFolder();
        byte[] storage = [0x3F, 0x80, 0, 0, 0x40, 0, 0, 0, 0xC0, 0x40, 0, 0, 0, 0, 0, 0];
        var path = folder.Write("big.pth", ZipBytes.Build(
            new ZipPart("m/data.pkl", PickleBytes.Tensor(4, "0", "4", "1")), new ZipPart("m/byteorder", "big"u8.ToArray()), new ZipPart("m/data/0", storage)));
        using var checkpoint = Checkpoint.Open(path);
        Assert.Equal([1, 2, -3, 0], CheckpointComparison.ReadAll(checkpoint)["w"]);
    }

    [Fact]
    public void ReadIntegers_OfFloats_IsRefused()
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(Fixtures, "plain_fp32.pth"));
        var refusal = Assert.Throws<Core.Errors.RenderException>(() => checkpoint.ReadIntegers("0.bias", new long[3]));
        Assert.Equal("HP2014", refusal.Code);
    }

    [Fact]
    public void ReadFloats_UnknownName_IsRefused()
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(Fixtures, "plain_fp32.pth"));
        var refusal = Assert.Throws<Core.Errors.RenderException>(() => checkpoint.ReadFloats("missing", new float[3]));
        Assert.Equal("HP2015", refusal.Code);
    }
}
