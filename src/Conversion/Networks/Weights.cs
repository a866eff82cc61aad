using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Conversion.Networks;

/// <summary>
/// A network's weights by official state-dict name. It notes every name that the architecture asks for, so that missing, mis-shaped and surplus
/// names can be reported together (<see cref="FindProblems"/>).
/// </summary>
/// <param name="checkpoint">The file.</param>
/// <param name="storage">Element type of the written constants; computation stays in <paramref name="compute"/>.</param>
/// <param name="compute">Element type of the graph's arithmetic.</param>
public sealed class Weights(ICheckpoint checkpoint, TensorType storage = TensorType.Float, TensorType compute = TensorType.Float)
{
    private readonly List<string> problems = [];
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private readonly List<TensorEntry> requested = [];
    private readonly Dictionary<(GraphBuilder, string), Value> emitted = [];

    /// <summary>Element type of the graph's arithmetic.</summary>
    public TensorType Compute => compute;

    /// <summary>Names and shapes that the architecture asked for, in order.</summary>
    public IReadOnlyList<TensorEntry> Requested => requested;

    /// <summary>A weight as a constant of the graph, in the type that the graph computes in.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">Official name.</param>
    /// <param name="dims">The shape that the architecture asks for.</param>
    public Value Get(GraphBuilder graph, string name, params int[] dims) => Get(graph, name, storage, compute, dims);

    /// <summary>A weight that is stored and used in fp32 whatever the network's precision (norm weights of fused operators).</summary>
    public Value GetSingle(GraphBuilder graph, string name, params int[] dims) => Get(graph, name, TensorType.Float, TensorType.Float, dims);

    /// <summary>Accepts names that the official files carry but the result does not depend on (SPEC §4: the adapters' convolution branches).</summary>
    public void Accept(Func<string, bool> isIgnored) => used.UnionWith(checkpoint.Tensors.Keys.Where(isIgnored));

    /// <summary>Everything wrong with the names and shapes, one line each; empty when the checkpoint fits.</summary>
    public IReadOnlyList<string> FindProblems() =>
        [.. problems, .. checkpoint.Tensors.Values.Where(entry => !used.Contains(entry.Name)).Select(entry => $"surplus: {entry.Name} {entry.Shape}")];

    private Value Get(GraphBuilder graph, string name, TensorType stored, TensorType wanted, int[] dims)
    {
        if (emitted.TryGetValue((graph, name), out var known))
            return known;
        var shape = new TensorShape(dims);
        if (used.Add(name))
            requested.Add(new TensorEntry(name, shape, ElementType.Float32));
        if (!checkpoint.Tensors.TryGetValue(name, out var entry))
            problems.Add($"missing: {name} {shape}");
        else if (entry.Shape != shape)
            problems.Add($"wrong shape: {name} is {entry.Shape}, the architecture has {shape}");
        var constant = graph.Constant(new Initializer(name, shape, stored, values => checkpoint.ReadFloats(name, values)));
        return emitted[(graph, name)] = stored == wanted ? constant : graph.Cast(constant, wanted);
    }
}
