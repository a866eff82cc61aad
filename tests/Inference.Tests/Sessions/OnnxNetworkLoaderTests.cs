using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Inference.Sessions;

namespace HunyuanPortrait.Inference.Tests.Sessions;

public sealed class OnnxNetworkLoaderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hp-inference-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Constructor_UnknownProvider_ListsKnownOnes()
    {
        var error = Assert.Throws<RenderException>(() => new OnnxNetworkLoader(new DeviceOptions { Provider = "metal" }));
        Assert.Equal("HP5001", error.Code);
        Assert.Contains("cpu, cuda, tensorrt", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("cuda"), InlineData("tensorrt")]
    public void Validate_ProviderNotInBuild_SaysWhatIsThereAndHowToBuild(string provider)
    {
        var error = Assert.Throws<RenderException>(() => ExecutionProviders.Validate(new DeviceOptions { Provider = provider }, ["cpu"]));
        Assert.Equal("HP5002", error.Code);
        Assert.Contains("available here: cpu", error.Message, StringComparison.Ordinal);
        Assert.Contains("-p:Accelerator=cuda", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AvailableProviders_EveryBuild_HasCpu() => Assert.Contains("cpu", OnnxNetworkLoader.AvailableProviders);

    [Theory, InlineData(-1, 0), InlineData(0, -1), InlineData(0, 5000)]
    public void Constructor_NumberOutOfRange_IsRefused(int deviceId, int threads)
    {
        var options = new DeviceOptions { DeviceId = deviceId, IntraOpThreads = threads };
        Assert.Equal("HP5004", Assert.Throws<RenderException>(() => new OnnxNetworkLoader(options)).Code);
    }

    [Fact]
    public void Constructor_ProviderOptionForCpu_IsRefused()
    {
        var options = new DeviceOptions { ProviderOptions = new Dictionary<string, string> { ["gpu_mem_limit"] = "1" } };
        var error = Assert.Throws<RenderException>(() => new OnnxNetworkLoader(options));
        Assert.Equal("HP5004", error.Code);
        Assert.Contains("gpu_mem_limit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileWithExternalWeights_ReadsThemFromBeside()
    {
        using var network = Graphs.Cpu.Load(NetworkSource.FromFile("test", WriteGraph(Graphs.AddExternal(folder, 4))));
        Assert.Equal(4, LastValue(network));
    }

    [Fact]
    public void Load_BytesWithExternalWeights_ReadsThemFromTheGivenFolder()
    {
        using var network = Graphs.Cpu.Load(NetworkSource.FromBytes("test", Graphs.AddExternal(folder, 7), folder));
        Assert.Equal(7, LastValue(network));
    }

    [Fact]
    public void Load_NoGraphFile_NamesThePath()
    {
        var path = Path.Combine(folder, "absent.onnx");
        AssertRefused("HP5011", path, NetworkSource.FromFile("test", path));
    }

    [Fact]
    public void Load_NoWeightFile_NamesIt()
    {
        var graph = WriteGraph(Graphs.AddExternal(folder, 1));
        File.Delete(Path.Combine(folder, "w.bin"));
        AssertRefused("HP5012", "w.bin", NetworkSource.FromFile("test", graph));
    }

    [Fact]
    public void Load_ShortWeightFile_SaysHowShort()
    {
        var graph = WriteGraph(Graphs.AddExternal(folder, 1));
        File.WriteAllBytes(Path.Combine(folder, "w.bin"), new byte[5]);
        AssertRefused("HP5012", "file_length: 5", NetworkSource.FromFile("test", graph));
    }

    [Fact]
    public void Load_TextFile_IsNoGraph() => AssertRefused("HP5013", "parsing failed", NetworkSource.FromFile("test", WriteGraph("not a graph"u8.ToArray())));

    [Fact]
    public void Load_EmptyBytes_IsNoGraph() => AssertRefused("HP5013", "No graph", NetworkSource.FromBytes("test", Array.Empty<byte>()));

    [Fact]
    public void Load_UnknownOperator_NamesIt() => AssertRefused(
        "HP5013", "Frobnicate", NetworkSource.FromBytes("test", Graphs.Build(graph => graph.Node("Frobnicate", [3], [graph.Input("x", 3)]))));

    [Fact]
    public void Load_OperatorWithoutKernel_NamesIt()
    {
        var graph = Graphs.Build(graph => graph.Node(
            "com.microsoft.GroupNorm", [1, 4, 4, 8],
            [graph.Input("x", 1, 4, 4, 8), graph.Constant("gamma", [8], new float[8]), graph.Constant("beta", [8], new float[8])],
            ("groups", 2), ("activation", 0)));
        AssertRefused("HP5014", "GroupNorm", NetworkSource.FromBytes("test", graph));
    }

    [Fact]
    public void Load_IntegerInput_IsRefused()
    {
        // The builder declares fp32 inputs only, so the declared element type (field 1 of the type: 08 01) is changed in the bytes.
        var graph = Graphs.Build(graph => graph.Cast(graph.Input("ids", 3), TensorType.Float));
        var declaration = graph.AsSpan().LastIndexOf("ids"u8);
        graph[declaration + graph.AsSpan(declaration).IndexOf([(byte)8, (byte)1]) + 1] = (byte)TensorType.Int64;
        AssertRefused("HP5015", "'ids' has element type Int64", NetworkSource.FromBytes("test", graph));
    }

    private static void AssertRefused(string code, string detail, NetworkSource source)
    {
        var error = Assert.Throws<RenderException>(() => Graphs.Cpu.Load(source));
        Assert.Equal(code, error.Code);
        Assert.Contains("Network 'test'", error.Message, StringComparison.Ordinal);
        Assert.Contains(detail, error.Message, StringComparison.Ordinal);
    }

    private static float LastValue(INetwork network)
    {
        var y = FloatTensor.Zeros(Graphs.ExternalLength);
        network.RunXy(FloatTensor.Zeros(Graphs.ExternalLength), y);
        return y.Values[^1];
    }

    private string WriteGraph(byte[] graph)
    {
        var path = Path.Combine(folder, "graph.onnx");
        File.WriteAllBytes(path, graph);
        return path;
    }
}
