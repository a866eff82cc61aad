using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Conversion.Networks;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Inference.Components;

namespace HunyuanPortrait.Parity;

/// <summary>A whole model in memory, built from the checkpoints of recorded cases as an import would build it.</summary>
internal sealed class CaseNetworkSet : INetworkSet, IDisposable
{
    private readonly Dictionary<string, NetworkPlan> plans;
    private readonly Dictionary<string, INetwork> loaded = new(StringComparer.Ordinal);
    private readonly Func<string, ICheckpoint> open;
    private readonly INetworkLoader loader;

    /// <summary>Networks are built at their first use.</summary>
    /// <param name="architecture">Configuration of all networks.</param>
    /// <param name="size">Width and height of pictures.</param>
    /// <param name="open">Opens the checkpoint of a label.</param>
    /// <param name="loader">Loads onto the device under test.</param>
    public CaseNetworkSet(Architecture architecture, (int Width, int Height) size, Func<string, ICheckpoint> open, INetworkLoader loader)
    {
        plans = NetworkPlan.Of(architecture, size.Width, size.Height).ToDictionary(plan => plan.Name, StringComparer.Ordinal);
        this.open = open;
        this.loader = loader;
    }

    public INetwork this[string name] => loaded.TryGetValue(name, out var network) ? network : loaded[name] = Build(plans[name]);

    public bool Contains(string name) => plans.ContainsKey(name);

    public void Dispose()
    {
        foreach (var network in loaded.Values)
            network.Dispose();
    }

    private INetwork Build(NetworkPlan plan)
    {
        using var checkpoint = open(plan.Checkpoint);
        var graph = new GraphBuilder(plan.Name);
        plan.Build(new PortableDialect(graph, new Weights(checkpoint)));
        return loader.Load(NetworkSource.FromBytes(plan.Name, OnnxWriter.ToBytes(graph)));
    }
}
