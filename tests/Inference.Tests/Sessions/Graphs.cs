using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Inference.Sessions;

namespace HunyuanPortrait.Inference.Tests.Sessions;

/// <summary>The graphs that several tests use, and how one is run.</summary>
internal static class Graphs
{
    public const int ExternalLength = 1024;

    public static readonly OnnxNetworkLoader Cpu = new(new DeviceOptions { IntraOpThreads = 2 });

    /// <summary><c>y = x + (1, 2, 3)</c>, for any number of rows.</summary>
    public static byte[] AddThree() => Build(graph => graph.Add(graph.Input("x", Value.Free, 3), graph.Constant("w", [3], [1, 2, 3])));

    /// <summary><c>y = x + w</c>; w is <see cref="ExternalLength"/> times <paramref name="weight"/> and lies in <c>w.bin</c> in the folder.</summary>
    public static byte[] AddExternal(string folder, float weight)
    {
        using var data = new ExternalDataFile(Path.Combine(folder, "w.bin"));
        var graph = new GraphBuilder("test");
        var values = Enumerable.Repeat(weight, ExternalLength).ToArray();
        graph.Output("y", graph.Add(graph.Input("x", ExternalLength), graph.Constant("w", [ExternalLength], values)));
        return OnnxWriter.ToBytes(graph, data);
    }

    /// <summary>Many square matrix products in a row: long enough to be interrupted.</summary>
    public static byte[] Slow(int size, int products) => Build(graph =>
    {
        var w = graph.Input("w", size, size);
        return Enumerable.Range(0, products).Aggregate(graph.Input("x", size, size), (x, _) => graph.MatMul(x, w));
    });

    /// <summary>A graph whose output is y.</summary>
    public static byte[] Build(Func<GraphBuilder, Value> describe)
    {
        var graph = new GraphBuilder("test");
        graph.Output("y", describe(graph));
        return OnnxWriter.ToBytes(graph);
    }

    public static INetwork Load(byte[] graph, string name = "test") => Cpu.Load(NetworkSource.FromBytes(name, graph));

    /// <summary>Runs a network with one input x and one output y.</summary>
    public static void RunXy(this INetwork network, FloatTensor x, FloatTensor y) => network.Run(
        new Dictionary<string, FloatTensor> { ["x"] = x },
        new Dictionary<string, FloatTensor> { ["y"] = y },
        TestContext.Current.CancellationToken);
}
