using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Conversion.Networks;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Networks.UNet;
using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Conversion.Tests.Networks;

/// <summary>What the graphs consist of: which operators, how many of them, how much they compute. The official sizes, without any weights.</summary>
public sealed class GraphContentsTests(ITestOutputHelper output)
{
    private const double Tera = 1e12;

    private static readonly string[] Standard =
    [
        "Add", "Attention", "Cast", "Concat", "Conv", "Cos", "Expand", "Gather", "Gelu", "Gemm", "InstanceNormalization", "LayerNormalization", "MatMul", "MaxPool",
        "Mul", "ReduceMean", "Relu", "Reshape", "Resize", "Sigmoid", "Sin", "Slice", "Split", "Sub", "Transpose",
    ];

    private static readonly string[] Fused =
    [
        "com.microsoft.BiasSplitGelu", "com.microsoft.GroupNorm", "com.microsoft.MultiHeadAttention", "com.microsoft.NhwcConv",
        "com.microsoft.SkipGroupNorm", "com.microsoft.SkipLayerNormalization",
    ];

    public static TheoryData<string, bool> Graphs()
    {
        var data = new TheoryData<string, bool>();
        foreach (var plan in NetworkPlan.Of(Architecture.Official, 512, 512))
        {
            data.Add(plan.Name, false);
            if (!plan.ComputesInSingle)
                data.Add(plan.Name, true);
        }

        return data;
    }

    [Theory, MemberData(nameof(Graphs))]
    public void EveryGraph_HasOnlyKnownOperators_AndNoneThatComputesShapes(string name, bool isCuda)
    {
        var graph = Build(name, isCuda);
        var allowed = isCuda ? Standard.Concat(Fused) : Standard;
        Assert.Empty(graph.NodeHistogram.Keys.Except(allowed));
        output.WriteLine($"{name}: {graph.NodeCount} nodes, {graph.Flops / Tera:F3} TFLOP");
    }

    /// <summary>SPEC §12: 57,261 GMAC for three branches; the reference repeats the temporal context for every pixel.</summary>
    [Fact]
    public void NaiveUNet_OfTheOfficialSize_ComputesWhatTheSpecificationCounts()
    {
        var graph = new GraphBuilder("naive");
        var form = new UNetForm([GuidanceBranch.Cond, GuidanceBranch.Cond, GuidanceBranch.Cond], 25, 64, 64, 64, 64) { HasReferenceInputs = true };
        UNetGraph.Build(new NaiveDialect(graph, Unread()), Architecture.Official.UNet, form);
        Assert.InRange(graph.Flops / Tera, 114.0, 115.0);
    }

    /// <summary>performance.md §1: 94.1 TFLOP after exact savings; without the middle branch a third less.</summary>
    [Theory]
    [InlineData(NetworkNames.UNetThreeBranch, false, 93.0, 95.0)]
    [InlineData(NetworkNames.UNetTwoBranch, false, 61.5, 63.5)]
    [InlineData(NetworkNames.UNetThreeBranch, true, 93.0, 95.0)]
    public void UNet_OfTheOfficialSize_SavesWhatCanBeSavedExactly(string name, bool isCuda, double from, double to) =>
        Assert.InRange(Build(name, isCuda).Flops / Tera, from, to);

    /// <summary>In NHWC only temporal self-attention changes the order of rows: twice per transformer, and once at either border of the graph.</summary>
    [Fact]
    public void CudaUNet_OfTheOfficialSize_TransposesOnlyAroundTemporalAttention()
    {
        const int Transformers = 16;
        Assert.Equal(2 * Transformers + 2, Build(NetworkNames.UNetTwoBranch, isCuda: true).NodeHistogram["Transpose"]);
    }

    /// <summary>A change of these numbers is a change of the graph's shape: make it on purpose.</summary>
    [Theory]
    [InlineData(NetworkNames.UNetTwoBranch, false, 2912)]
    [InlineData(NetworkNames.UNetTwoBranch, true, 2135)]
    [InlineData(NetworkNames.VaeDecoder, false, 575)]
    public void NodeCount_OfTheOfficialSize_IsTheApprovedOne(string name, bool isCuda, int nodes) => Assert.Equal(nodes, Build(name, isCuda).NodeCount);

    private static GraphBuilder Build(string name, bool isCuda)
    {
        var plan = NetworkPlan.Of(Architecture.Official, 512, 512).Single(plan => plan.Name == name);
        var graph = new GraphBuilder(name, plan.NominalFreeLength);
        plan.Build(isCuda ? new CudaNhwcDialect(graph, Unread(TensorType.Float16)) : new PortableDialect(graph, Unread()));
        return graph;
    }

    private static Weights Unread(TensorType type = TensorType.Float) => new(new ProceduralCheckpoint("", 1, []), type, type);
}
