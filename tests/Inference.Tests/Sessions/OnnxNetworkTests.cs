using System.Buffers;
using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Inference.Tests.Sessions;

public sealed class OnnxNetworkTests
{
    [Fact]
    public void Run_PreallocatedOutput_WritesIntoCallersMemory()
    {
        using var network = Graphs.Load(Graphs.AddThree());
        using var owner = MemoryPool<float>.Shared.Rent(6);
        var y = new FloatTensor(new TensorShape(2, 3), owner.Memory[..6]);
        network.RunXy(new FloatTensor(new TensorShape(2, 3), new float[] { 10, 20, 30, 40, 50, 60 }), y);
        Assert.Equal([11, 22, 33, 41, 52, 63], owner.Memory[..6].ToArray());
    }

    [Fact]
    public void Run_SameNetworkOtherBatch_FollowsTheFreeDimension()
    {
        using var network = Graphs.Load(Graphs.AddThree());
        var y = FloatTensor.Zeros(5, 3);
        network.RunXy(FloatTensor.Zeros(5, 3), y);
        Assert.Equal([1, 2, 3], y.Data[12..].ToArray());
    }

    [Fact]
    public void Borders_DeclaredShapes_ShowFreeDimensions()
    {
        using var network = Graphs.Load(Graphs.AddThree());
        Assert.Equal([-1, 3], Assert.Single(network.Inputs).Value);
        Assert.Equal([-1, 3], Assert.Single(network.Outputs).Value);
    }

    [Fact]
    public void Run_WrongInputShape_NamesTensorExpectedAndActual()
    {
        using var network = Graphs.Load(Graphs.AddThree(), "adder");
        var error = Assert.Throws<ArgumentException>(() => network.RunXy(FloatTensor.Zeros(2, 4), FloatTensor.Zeros(2, 3)));
        Assert.Contains("Network 'adder': input 'x' expects shape [?, 3], got [2, 4].", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WrongLengthOfFreeOutputDimension_IsTheCallersMistake()
    {
        using var network = Graphs.Load(Graphs.AddThree());
        var error = Assert.Throws<ArgumentException>(() => network.RunXy(FloatTensor.Zeros(2, 3), FloatTensor.Zeros(4, 3)));
        Assert.Contains("'y'", error.Message, StringComparison.Ordinal);
        Assert.Contains("{4,3}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_MissingInput_NamesIt()
    {
        using var network = Graphs.Load(Graphs.AddThree());
        var y = new Dictionary<string, FloatTensor> { ["y"] = FloatTensor.Zeros(1, 3) };
        var error = Assert.Throws<ArgumentException>(() => network.Run(new Dictionary<string, FloatTensor>(), y, Token));
        Assert.Contains("input 'x' [?, 3] is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_UnknownOutput_ListsTheOnesThereAre()
    {
        using var network = Graphs.Load(Graphs.AddThree());
        var x = new Dictionary<string, FloatTensor> { ["x"] = FloatTensor.Zeros(1, 3) };
        var z = new Dictionary<string, FloatTensor> { ["z"] = FloatTensor.Zeros(1, 3) };
        var error = Assert.Throws<ArgumentException>(() => network.Run(x, z, Token));
        Assert.Contains("no output 'z'; it has y", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ManyAtOnce_GivesEachCallerItsOwnResult()
    {
        using var network = Graphs.Load(Graphs.AddThree());
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => FirstValue(network, i), Token)));
        Assert.Equal(Enumerable.Range(1, 64).Select(i => (float)i), results);
    }

    [Fact]
    public void Run_TokenAlreadyCancelled_DoesNotStart()
    {
        using var network = Graphs.Load(Graphs.AddThree());
        var y = FloatTensor.Zeros(1, 3);
        var inputs = new Dictionary<string, FloatTensor> { ["x"] = FloatTensor.Zeros(1, 3) };
        var outputs = new Dictionary<string, FloatTensor> { ["y"] = y };
        Assert.Throws<OperationCanceledException>(() => network.Run(inputs, outputs, new CancellationToken(canceled: true)));
        Assert.Equal([0, 0, 0], y.Values.ToArray());
    }

    [Fact]
    public async Task Run_TokenCancelledDuringRun_StopsEarly()
    {
        // About 10^14 operations: the test can only end in time because the run is interrupted.
        using var network = Graphs.Load(Graphs.Slow(1024, 50_000));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var inputs = new Dictionary<string, FloatTensor> { ["x"] = FloatTensor.Zeros(1024, 1024), ["w"] = FloatTensor.Zeros(1024, 1024) };
        var outputs = new Dictionary<string, FloatTensor> { ["y"] = FloatTensor.Zeros(1024, 1024) };
        var run = Task.Run(() => network.Run(inputs, outputs, cancellation.Token), Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(60), Token));
    }

    [Fact]
    public void Run_ByteConstant_IsUnpackedAsTheGraphSays()
    {
        using var network = Graphs.Load(Graphs.Build(graph =>
        {
            var bytes = graph.Constant(new Initializer("w", new TensorShape(3), TensorType.UInt8, values => new float[] { 0, 128, 255 }.CopyTo(values)));
            return graph.Add(graph.Input("x", 3), graph.Mul(graph.Cast(bytes, TensorType.Float), graph.Scalar(0.5f)));
        }));
        var y = FloatTensor.Zeros(3);
        network.RunXy(FloatTensor.Zeros(3), y);
        Assert.Equal([0, 64, 127.5f], y.Values.ToArray());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static float FirstValue(INetwork network, int value)
    {
        var y = FloatTensor.Zeros(1, 3);
        network.RunXy(new FloatTensor(new TensorShape(1, 3), new float[] { value, 0, 0 }), y);
        return y.Values[0];
    }
}
