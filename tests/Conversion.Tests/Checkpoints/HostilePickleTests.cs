using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.FullSize;

namespace HunyuanPortrait.Conversion.Tests.Checkpoints;

/// <summary>Pickles built to run something, to fill memory, or to read beyond their storages.</summary>
public sealed class HostilePickleTests
{
    public static TheoryData<string, byte[], string, int> Executions => new()
    {
        { "GLOBAL and REDUCE", PickleBytes.Of("cos\nsystem\n(", PickleBytes.Text("touch x"), "tR"), "os.system", 2 },
        { "INST", PickleBytes.Of("(", PickleBytes.Text("touch x"), "ios\nsystem\n"), "os.system", 15 },
        { "OBJ", PickleBytes.Of("(cos\nsystem\n", PickleBytes.Text("touch x"), "o"), "os.system", 3 },
        { "OBJ of an allowed name", PickleBytes.Of("(ccollections\nOrderedDict\no"), "collections.OrderedDict", 28 },
        { "NEWOBJ", PickleBytes.Of("csubprocess\nPopen\n(", PickleBytes.Text("touch x"), "t", 0x81), "subprocess.Popen", 2 },
        { "NEWOBJ of an allowed name", PickleBytes.Of("ccollections\nOrderedDict\n)", 0x81), "collections.OrderedDict", 28 },
        { "STACK_GLOBAL", PickleBytes.Of(PickleBytes.Text("posix"), PickleBytes.Text("system"), 0x93, PickleBytes.Text("touch x"), 0x85, "R"), "posix.system", 23 },
        { "builtins", PickleBytes.Of("c__builtin__\neval\n(", PickleBytes.Text("1"), "tR"), "__builtin__.eval", 2 },
        { "a class of a trainer", PickleBytes.Of("}", PickleBytes.Text("args"), "cargparse\nNamespace\n)", 0x81, "}bs"), "argparse.Namespace", 12 },
        { "a prefix of an allowed name", PickleBytes.Of("ctorch\nFloatStorage.__reduce__\n"), "torch.FloatStorage.__reduce__", 2 },
        { "a name behind a dotted path", PickleBytes.Of(PickleBytes.Text("torch"), PickleBytes.Text("_utils._rebuild_device_tensor_from_numpy"), 0x93), "torch._utils._rebuild_device_tensor_from_numpy", 57 },
        { "loading from bytes", PickleBytes.Of("ctorch.storage\n_load_from_bytes\n"), "torch.storage._load_from_bytes", 2 },
    };

    public static TheoryData<string, byte[], string> Bombs => new()
    {
        { "a laugh in a laugh", Laughs(), "HP2010" },
        { "deep nesting", Nest(100_000), "HP2010" },
        { "a list inside of itself", PickleBytes.Of("}", PickleBytes.Text("x"), "]q\u0001h\u0001as"), "HP2010" },
        { "an integer of two gigabytes", PickleBytes.Of(0x8B, new byte[] { 0xFF, 0xFF, 0xFF, 0x7F }), "HP2010" },
        { "a negative integer length", PickleBytes.Of(0x8B, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }), "HP2010" },
        { "a text of four gigabytes", PickleBytes.Of("X", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }), "HP2010" },
        { "a text of 2^63 bytes", PickleBytes.Of(0x8D, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }), "HP2010" },
        { "a text beyond the end", PickleBytes.Of("X", new byte[] { 0xFF, 0, 0, 0 }), "HP2009" },
        { "marks without end", PickleBytes.Of(new string('(', 3_000_000)), "HP2010" },
        { "values without end", PickleBytes.Of(new string('N', 3_000_000)), "HP2010" },
        { "a repetition of one element", PickleBytes.Tensor(1, "0", "100000 100000", "0 0"), "HP2010" },
        { "sizes whose product overflows", PickleBytes.Tensor(1, "0", "2147483647 2147483647 2147483647 2147483647", "0 0 0 0"), "HP2010" },
        { "no end", PickleBytes.Of("}")[..^1], "HP2009" },
        { "nothing to return", PickleBytes.Of(), "HP2009" },
        { "a missing mark", PickleBytes.Of("t"), "HP2009" },
        { "a value never remembered", PickleBytes.Of("h\u0005"), "HP2009" },
        { "an unknown operation", PickleBytes.Of(0xFF), "HP2009" },
        { "an unknown protocol", [0x80, 9, (byte)'}', (byte)'.'], "HP2009" },
        { "a list as the root", PickleBytes.Of("]"), "HP2009" },
        { "attributes on a tensor's dictionary", PickleBytes.Of("}}", PickleBytes.Text("__class__"), "Nsb"), "HP2009" },
        { "a list as a key", PickleBytes.Of("}]Ns"), "HP2009" },
        { "appending to a number", PickleBytes.Of("K\u0001Na"), "HP2009" },
    };

    [Theory, MemberData(nameof(Executions))]
    public void Open_PickleThatNamesSomethingElse_IsRefusedWithNameAndOffset(string form, byte[] pickle, string global, int offset)
    {
        var refusal = Refuse(ZipBytes.AroundPickle(pickle));
        Assert.Equal(("HP2008", form), (refusal.Code, form));
        Assert.Contains($"'{global}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"at byte {offset} ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Bombs))]
    public void Open_PickleThatFillsMemory_IsRefused(string form, byte[] pickle, string code) =>
        Assert.Equal((form, code), (form, Refuse(ZipBytes.AroundPickle(pickle)).Code));

    [Theory]
    [InlineData("offset past the end", 4, "5", "1", "1")]
    [InlineData("one element too many", 4, "0", "5", "1")]
    [InlineData("stride past the end", 4, "0", "2 2", "3 1")]
    [InlineData("negative offset", 4, "-1", "1", "1")]
    [InlineData("offset that overflows", 4, "9223372036854775807", "2", "9223372036854775807")]
    [InlineData("storage shorter than claimed", 5, "0", "5", "1")]
    [InlineData("storage that overflows", 4611686018427387905, "0", "1", "1")]
    public void Open_TensorBeyondItsStorage_IsRefused(string form, long elements, string offset, string sizes, string strides) =>
        Assert.Equal((form, "HP2011"), (form, Refuse(ZipBytes.AroundPickle(PickleBytes.Tensor(elements, offset, sizes, strides))).Code));

    [Theory]
    [InlineData("negative size", 4, "0", "-1", "1")]
    [InlineData("size of eight bytes", 4, "0", "4294967296", "0")]
    [InlineData("negative stride", 4, "3", "4", "-1")]
    [InlineData("ranks differ", 4, "0", "2 2", "1")]
    [InlineData("rank 17", 4, "0", "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    [InlineData("negative storage", -4, "0", "1", "1")]
    public void Open_TensorThatMakesNoSense_IsRefused(string form, long elements, string offset, string sizes, string strides) =>
        Assert.Equal((form, "HP2009"), (form, Refuse(ZipBytes.AroundPickle(PickleBytes.Tensor(elements, offset, sizes, strides))).Code));

    [Fact]
    public void Open_MissingStorage_IsRefused()
    {
        var refusal = Refuse(ZipBytes.Build(new ZipPart("m/data.pkl", PickleBytes.Tensor(4, "0", "4", "1"))));
        Assert.Equal("HP2011", refusal.Code);
        Assert.Contains("'w'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_UnknownStorageClass_IsRefusedByName()
    {
        var refusal = Refuse(ZipBytes.AroundPickle(PickleBytes.Tensor(2, "0", "2", "1", "ComplexFloatStorage")));
        Assert.Equal("HP2008", refusal.Code);
        Assert.Contains("torch.ComplexFloatStorage", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_LegacyFileThatRunsSomething_IsRefused()
    {
        var legacy = new LittleEndian().Append(PickleBytes.Of(0x8A, new byte[] { 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19 }));
        legacy.Append(PickleBytes.Of("M\u00E9\u0003")).Append(PickleBytes.Of("}", PickleBytes.Text("little_endian"), 0x88, "s"));
        legacy.Append(PickleBytes.Of("cos\nsystem\n(", PickleBytes.Text("touch x"), "tR"));
        Assert.Equal("HP2008", Refuse(legacy.ToArray()).Code);
    }

    private static RenderException Refuse(byte[] file)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("hostile.pth", file);
        return Assert.Throws<RenderException>(() => Checkpoint.Open(path).Dispose());
    }

    /// <summary>Ten of the previous tuple in each tuple, thirty times over: 10^30 leaves in a kilobyte.</summary>
    private static byte[] Laughs()
    {
        List<object> operations = ["}", PickleBytes.Text("x"), ")q", 0, "0"];
        for (var level = 1; level <= 30; level++)
        {
            operations.Add("(");
            for (var i = 0; i < 10; i++)
                operations.AddRange(["h", level - 1]);
            operations.AddRange(["tq", level, "0"]);
        }
        return PickleBytes.Of([.. operations, "h", 30, "s"]);
    }

    private static byte[] Nest(int depth) =>
        PickleBytes.Of("}", PickleBytes.Text("x"), new string(']', depth), new string('a', depth - 1), "s");
}
