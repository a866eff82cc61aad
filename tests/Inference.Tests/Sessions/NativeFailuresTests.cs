using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Inference.Sessions;

namespace HunyuanPortrait.Inference.Tests.Sessions;

public sealed class NativeFailuresTests
{
    private static readonly DeviceOptions Cuda = new() { Provider = "cuda", DeviceId = 1 };

    // The texts of the CUDA provider are assumed: no machine of ours has produced them.
    [Theory]
    [InlineData("[ErrorCode:Fail] CUDA failure 100: no CUDA-capable device is detected ; GPU=0", "HP5003")]
    [InlineData("[ErrorCode:Fail] CUDA driver version is insufficient for CUDA runtime version", "HP5003")]
    [InlineData("[ErrorCode:Fail] Failed to load library libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open", "HP5003")]
    [InlineData("[ErrorCode:RuntimeException] CUDA failure 2: out of memory ; GPU=1", "HP5021")]
    [InlineData("[ErrorCode:Fail] bfc_arena.cc Failed to allocate memory for requested buffer of size 64", "HP5021")]
    [InlineData("[ErrorCode:NotImplemented] Failed to find kernel for com.microsoft.GroupNorm(1)", "HP5014")]
    [InlineData("[ErrorCode:InvalidGraph] This is an invalid model.", "HP5013")]
    [InlineData("something without a code", "HP5013")]
    public void OfLoad_KnownText_GivesItsCode(string text, string code) =>
        Assert.Equal(code, ((RenderException)NativeFailures.OfLoad(new InvalidOperationException(text), "net", Cuda)).Code);

    [Fact]
    public void OfProvider_MissingDriver_NamesProviderDeviceAndReason()
    {
        var cause = new InvalidOperationException("[ErrorCode:Fail] CUDA driver version is insufficient");
        var error = NativeFailures.OfProvider(cause, Cuda);
        Assert.StartsWith("The inference provider 'cuda' could not start on device 1: CUDA driver version is insufficient.", error.Message, StringComparison.Ordinal);
        Assert.Same(cause, error.InnerException);
    }

    [Fact]
    public void OfLoad_WrappedText_DropsTheSourceLocation()
    {
        const string text = "[ErrorCode:Fail] Exception during initialization: /src/a.cc:51 f(int) [ONNXRuntimeError] : 1 : FAIL : External initializer: w is short";
        var error = NativeFailures.OfLoad(new InvalidOperationException(text), "net", Cuda);
        Assert.DoesNotContain("/src/a.cc", error.Message, StringComparison.Ordinal);
        Assert.Contains("External initializer: w is short", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_MoreMemoryThanThereIs_IsATransientRefusal()
    {
        // 4,000,000² floats: 64 TB.
        using var network = Graphs.Load(Graphs.Build(graph =>
            graph.Node("ReduceSum", [1, 1], [graph.MatMul(graph.Input("x", 4_000_000, 1), graph.Input("z", 1, 4_000_000))])));
        var inputs = new Dictionary<string, FloatTensor> { ["x"] = FloatTensor.Zeros(4_000_000, 1), ["z"] = FloatTensor.Zeros(1, 4_000_000) };
        var outputs = new Dictionary<string, FloatTensor> { ["y"] = FloatTensor.Zeros(1, 1) };
        var error = Assert.Throws<RenderException>(() => network.Run(inputs, outputs, TestContext.Current.CancellationToken));
        Assert.Equal("HP5021", error.Code);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public void Run_OperandsThatDoNotBroadcast_GivesTheRuntimesReason()
    {
        using var network = Graphs.Load(Graphs.Build(graph => graph.Add(graph.Input("x", Value.Free), graph.Input("z", Value.Free))));
        var inputs = new Dictionary<string, FloatTensor> { ["x"] = FloatTensor.Zeros(2), ["z"] = FloatTensor.Zeros(3) };
        var outputs = new Dictionary<string, FloatTensor> { ["y"] = FloatTensor.Zeros(3) };
        var error = Assert.Throws<RenderException>(() => network.Run(inputs, outputs, TestContext.Current.CancellationToken));
        Assert.Equal("HP5022", error.Code);
        Assert.Contains("2 by 3", error.Message, StringComparison.Ordinal);
    }
}
