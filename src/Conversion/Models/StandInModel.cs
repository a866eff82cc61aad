using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Networks;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Conversion.Models;

/// <summary>A model with seeded random weights: everything runs as with trained ones, the pictures mean nothing.</summary>
public static class StandInModel
{
    /// <summary>Writes a model directory; it must not exist.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="architecture">Sizes.</param>
    /// <param name="seed">Chooses the weights.</param>
    public static ModelManifest Write(string directory, Architecture architecture, int seed)
    {
        var size = architecture.ImageSize;
        Directory.CreateDirectory(directory);
        var writer = new NetworkWriter(GraphDialect.Portable, TensorType.Float);
        var networks = new Dictionary<string, NetworkFile>();
        foreach (var plans in NetworkPlan.Of(architecture, size, size).GroupBy(plan => plan.Checkpoint))
        {
            using var checkpoint = Checkpoint(architecture, plans.Key, seed);
            foreach (var (name, file) in writer.Write(directory, plans.Key, checkpoint, [.. plans]))
                networks[name] = file;
        }

        var manifest = new ModelManifest(
            ModelManifestJson.FormatVersion, $"stand-in {seed}", ModelKind.StandIn, "fp32", architecture.Geometry(size, size), architecture.Scheduler,
            architecture.Defaults, networks, Sources: [], License: null, architecture.ToJson());
        File.WriteAllBytes(Path.Combine(directory, ModelDirectory.ManifestName), ModelManifestJson.Serialize(manifest));
        return manifest;
    }

    /// <summary>The random weights of one checkpoint, with every name that the architecture asks for.</summary>
    /// <param name="architecture">Sizes.</param>
    /// <param name="label">One of <see cref="CheckpointLabels"/>.</param>
    /// <param name="seed">Chooses the weights.</param>
    public static ICheckpoint Checkpoint(Architecture architecture, string label, int seed)
    {
        using var empty = new ProceduralCheckpoint(label, 1, []);
        var weights = new Weights(empty);
        foreach (var plan in NetworkPlan.Of(architecture, architecture.ImageSize, architecture.ImageSize).Where(plan => plan.Checkpoint == label))
            plan.Build(new PortableDialect(new GraphBuilder(plan.Name), weights));
        return new ProceduralCheckpoint($"{seed}:{label}", 1, weights.Requested);
    }
}
