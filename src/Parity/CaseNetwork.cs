using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Networks;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Parity;

/// <summary>A network built for the sizes of a case, with the intermediate values that were recorded as further outputs.</summary>
internal sealed class CaseNetwork : IDisposable
{
    private readonly INetwork network;

    private CaseNetwork(INetwork network) => this.network = network;

    /// <summary>Loads the one network that a case is about; every weight of the case must fit it.</summary>
    /// <param name="directory">The case.</param>
    /// <param name="options">Dialect and device.</param>
    /// <param name="build">Writes the network.</param>
    /// <param name="taps">Intermediate values to see.</param>
    public static CaseNetwork Open(CaseDirectory directory, ParityOptions options, Action<Dialect> build, IEnumerable<string>? taps = null)
    {
        using var weights = directory.OpenWeights();
        RequireFit(weights, build);
        return Load(directory.Name, weights, options, build, taps);
    }

    /// <summary>Builds and loads one of several networks of a checkpoint; <see cref="RequireFit"/> checks them together.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="options">Dialect and device.</param>
    /// <param name="build">Writes the network.</param>
    /// <param name="taps">Intermediate values to see.</param>
    public static CaseNetwork Load(string name, ICheckpoint checkpoint, ParityOptions options, Action<Dialect> build, IEnumerable<string>? taps = null)
    {
        var graph = new GraphBuilder(name, 1, taps);
        build(DialectFor(options, graph, new Weights(checkpoint)));
        return new CaseNetwork(options.Loader.Load(NetworkSource.FromBytes(name, OnnxWriter.ToBytes(graph))));
    }

    /// <summary>Refuses weights that do not fit, listing every name.</summary>
    public static void RequireFit(ICheckpoint checkpoint, params Action<Dialect>[] builds)
    {
        var weights = new Weights(checkpoint);
        foreach (var build in builds)
            build(new PortableDialect(new GraphBuilder("fit"), weights));
        var problems = weights.FindProblems();
        if (problems.Count > 0)
            throw ParityErrors.WeightsDoNotFit(checkpoint.Source, problems);
    }

    /// <summary>Runs for all outputs; free dimensions are worked out from <paramref name="freeLength"/>.</summary>
    public IReadOnlyDictionary<string, FloatTensor> Run(Dictionary<string, FloatTensor> inputs, int freeLength = 1)
    {
        var outputs = network.Outputs.ToDictionary(
            output => output.Key, output => FloatTensor.Zeros([.. output.Value.Select(dim => dim < 0 ? freeLength : dim)]), StringComparer.Ordinal);
        network.Run(inputs, outputs);
        return outputs;
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();

    internal static Dialect DialectFor(ParityOptions options, GraphBuilder graph, Weights weights) =>
        options.IsNaive ? new NaiveDialect(graph, weights) : new PortableDialect(graph, weights);
}
