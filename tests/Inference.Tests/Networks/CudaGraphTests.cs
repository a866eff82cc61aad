using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Conversion.Networks;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Networks.UNet;
using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Inference.Sessions;

namespace HunyuanPortrait.Inference.Tests.Networks;

/// <summary>
/// What can be known of the CUDA graphs without a CUDA provider: ONNX Runtime's processor build has the schemas of the fused operators but not their
/// kernels, so it answers "not implemented" to a valid graph and "invalid" to a wrong one.
/// </summary>
public sealed class CudaGraphTests
{
    /// <summary>Wide enough for the fused GEGLU, which has kernels for few widths.</summary>
    private static readonly UNetConfiguration Wide = TinyUNet.Configuration with { BlockOutChannels = [320, 320], NumAttentionHeads = [5, 5], NormNumGroups = 32 };

    [Theory, InlineData(TensorType.Float), InlineData(TensorType.Float16)]
    public void Load_CudaGraphOnTheProcessor_IsValidButNotImplemented(TensorType precision)
    {
        var graph = new GraphBuilder("cuda");
        UNetGraph.Build(new CudaNhwcDialect(graph, new Weights(RandomWeights(), precision, precision)), Wide, Form);
        foreach (var fused in new[] { "GroupNorm", "SkipGroupNorm", "NhwcConv", "BiasSplitGelu", "MultiHeadAttention", "SkipLayerNormalization" })
            Assert.Contains($"com.microsoft.{fused}", graph.NodeHistogram.Keys);

        var refusal = Assert.Throws<RenderException>(() => Load(graph));

        Assert.Equal("HP5014", refusal.Code);
    }

    public static TheoryData<string> HalfPrecisionGraphs() =>
        new(NetworkPlan.Of(Architecture.Small, 64, 64).Where(plan => !plan.ComputesInSingle).Select(plan => plan.Name));

    [Theory, MemberData(nameof(HalfPrecisionGraphs))]
    public void Load_EveryCudaGraphInHalfPrecision_IsValid(string name)
    {
        var plan = NetworkPlan.Of(Architecture.Small, 64, 64).Single(plan => plan.Name == name);
        var graph = new GraphBuilder(name);
        plan.Build(new CudaNhwcDialect(graph, new Weights(StandInModel.Checkpoint(Architecture.Small, plan.Checkpoint, 1), TensorType.Float16, TensorType.Float16)));

        var refusal = Record.Exception(() => Load(graph));

        // Graphs without fused operators run on the processor too.
        Assert.True(refusal is null or RenderException { Code: "HP5014" }, refusal?.Message);
    }

    [Fact]
    public void Load_CudaGraphWithAWeakerMotionScaleInHalfPrecision_IsValid()
    {
        var graph = new GraphBuilder("cuda");
        var form = TinyUNet.ProductForm(0.6f, GuidanceBranch.Uncond, GuidanceBranch.Cond);
        UNetGraph.Build(new CudaNhwcDialect(graph, new Weights(TinyUNet.Weights(), TensorType.Float16, TensorType.Float16)), TinyUNet.Configuration, form);

        Assert.Equal("HP5014", Assert.Throws<RenderException>(() => Load(graph)).Code);
    }

    [Fact]
    public void Load_CudaGraphWithAWrongAttribute_IsInvalid()
    {
        var graph = new GraphBuilder("cuda");
        var x = graph.Input("x", 1, 4, 4, 32);
        var affine = graph.Constant("affine", [32], new float[32]);
        graph.Output("y", graph.Node("com.microsoft.GroupNorm", x.Dims, [x, affine, affine], ("groups", "eight")));

        Assert.Equal("HP5013", Assert.Throws<RenderException>(() => Load(graph)).Code);
    }

    private static UNetForm Form => TinyUNet.ProductForm(1, GuidanceBranch.Uncond, GuidanceBranch.Cond);

    private static void Load(GraphBuilder graph) =>
        new OnnxNetworkLoader(new DeviceOptions()).Load(NetworkSource.FromBytes("cuda", OnnxWriter.ToBytes(graph))).Dispose();

    private static ProceduralCheckpoint RandomWeights()
    {
        using var empty = new ProceduralCheckpoint("wide", 1, []);
        var asked = new Weights(empty);
        UNetGraph.Build(new CudaNhwcDialect(new GraphBuilder("wide"), asked), Wide, Form);
        return new ProceduralCheckpoint("wide", 1, asked.Requested);
    }
}
