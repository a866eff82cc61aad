using HunyuanPortrait.Conversion.Networks;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;

namespace HunyuanPortrait.Inference.Tests.Networks;

/// <summary>Every exact saving of SPEC §12 against the literal network: differences are rounding only.</summary>
public sealed class UNetEquivalenceTests
{
    private const float Rounding = 5e-6f;

    [Fact]
    public void ThreeBranches_SharedTokensAndSkippedZeros_EqualTheLiteralNetwork() =>
        AssertBranches(Portable, 1, GuidanceBranch.Uncond, GuidanceBranch.Drop, GuidanceBranch.Cond);

    [Fact]
    public void TwoBranches_WithoutTheMiddleOne_EqualTheLiteralNetwork() =>
        AssertBranches(Portable, 1, GuidanceBranch.Uncond, GuidanceBranch.Cond);

    [Theory, InlineData(GuidanceBranch.Uncond), InlineData(GuidanceBranch.Drop), InlineData(GuidanceBranch.Cond)]
    public void OneBranch_Alone_EqualsTheLiteralNetwork(GuidanceBranch branch) => AssertBranches(Portable, 1, branch);

    [Theory, InlineData(0f), InlineData(0.6f)]
    public void MotionScale_OtherThanOne_EqualsTheLiteralNetwork(float scale) =>
        AssertBranches(Portable, scale, GuidanceBranch.Uncond, GuidanceBranch.Drop, GuidanceBranch.Cond);

    [Fact]
    public void CudaNhwc_WithItsFusedOperatorsSpelledOut_EqualsTheLiteralNetwork() =>
        AssertBranches(graph => new SpelledOutNhwcDialect(graph, new Weights(TinyUNet.Weights())), 1, GuidanceBranch.Uncond, GuidanceBranch.Drop, GuidanceBranch.Cond);

    private static PortableDialect Portable(GraphBuilder graph) => new(graph, new Weights(TinyUNet.Weights()));

    private static void AssertBranches(Func<GraphBuilder, Dialect> dialect, float motionScale, params GuidanceBranch[] branches)
    {
        var expected = TinyUNet.RunNaive(motionScale);
        var actual = TinyUNet.RunProduct(dialect, TinyUNet.ProductForm(motionScale, branches));
        var perBranch = expected.Values.Length / 3;
        for (var i = 0; i < branches.Length; i++)
        {
            var difference = TinyUNet.Difference(
                actual.Values.Slice(i * perBranch, perBranch), expected.Values.Slice((int)branches[i] * perBranch, perBranch));
            Assert.True(difference < Rounding, $"{branches[i]} differs by {difference}");
        }
    }
}
