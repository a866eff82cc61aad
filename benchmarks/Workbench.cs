using System.Text.Json.Nodes;
using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Conversion.Networks;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Tensors;
using HunyuanPortrait.Inference.Sessions;

namespace HunyuanPortrait.Benchmarks;

/// <summary>The small architecture with seeded weights and inputs, in a temporary folder that both sides read.</summary>
internal sealed class Workbench : IDisposable
{
    private const int Seed = 1;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("portrait-benchmark-");
    private readonly OnnxNetworkLoader loader = new(new DeviceOptions());
    private readonly Dictionary<string, ICheckpoint> checkpoints = [];

    public static Architecture Architecture => Architecture.Small;

    public static int LatentSize => Architecture.ImageSize / Architecture.Vae.Downscale;

    public static int WindowLength => Architecture.Defaults.Windows.Length;

    /// <summary>Floats of one frame's latents.</summary>
    public static int LatentValues => Architecture.Vae.LatentChannels * LatentSize * LatentSize;

    /// <summary>Numbers by formula, uniform in ±amplitude.</summary>
    public static FloatTensor Random(string key, double amplitude, params ReadOnlySpan<int> dims)
    {
        var tensor = FloatTensor.Zeros(dims);
        ProceduralTensors.Fill($"{Seed}:{key}", 0, amplitude, tensor.Data);
        return tensor;
    }

    /// <summary>Loads a network in the product's form or in another dialect.</summary>
    public INetwork Load(string label, string name, Func<GraphBuilder, Weights, Dialect> dialect, Action<Dialect> build)
    {
        var builder = new GraphBuilder(name);
        build(dialect(builder, new Weights(Checkpoint(label))));
        return loader.Load(NetworkSource.FromBytes(name, OnnxWriter.ToBytes(builder)));
    }

    /// <summary>Loads a network of the product as the product would.</summary>
    public INetwork LoadPortable(string name)
    {
        var plan = NetworkPlan.Of(Architecture, Architecture.ImageSize, Architecture.ImageSize).Single(plan => plan.Name == name);
        return Load(plan.Checkpoint, name, (builder, weights) => new PortableDialect(builder, weights), plan.Build);
    }

    /// <summary>Starts PyTorch on the same weights and inputs.</summary>
    /// <param name="python">Interpreter.</param>
    /// <param name="configuration">What to time; weights, inputs and sizes are added here.</param>
    /// <param name="inputs">Inputs by the names that the script knows.</param>
    /// <param name="labels">Checkpoints that it needs.</param>
    public PyTorchProcess StartPyTorch(string python, JsonObject configuration, IReadOnlyDictionary<string, FloatTensor> inputs, params string[] labels)
    {
        var weights = new JsonObject();
        foreach (var label in labels)
        {
            weights[label] = $"{label}.safetensors";
            configuration[label] = Architecture.ToJson()[label]!.DeepClone();
            WriteWeights(label);
        }

        configuration["weights"] = weights;
        configuration["inputs"] = "inputs.safetensors";
        Write("inputs.safetensors", inputs);
        var path = PathOf("configuration.json");
        File.WriteAllText(path, configuration.ToJsonString());
        return PyTorchProcess.Start(python, path);
    }

    /// <summary>A result that PyTorch wrote.</summary>
    public float[] Result(PyTorchProcess pyTorch, string variant, string tensor)
    {
        var path = PathOf("result.safetensors");
        pyTorch.Write(variant, path);
        using var file = Conversion.Checkpoints.Checkpoint.Open(path);
        var values = new float[file.Tensors[tensor].Shape.ElementCount];
        file.ReadFloats(tensor, values);
        return values;
    }

    public void Dispose()
    {
        foreach (var checkpoint in checkpoints.Values)
            checkpoint.Dispose();
        folder.Delete(recursive: true);
    }

    private ICheckpoint Checkpoint(string label)
    {
        if (!checkpoints.TryGetValue(label, out var checkpoint))
            checkpoints[label] = checkpoint = StandInModel.Checkpoint(Architecture, label, Seed);
        return checkpoint;
    }

    private void WriteWeights(string label)
    {
        var checkpoint = Checkpoint(label);
        using var writer = new SafetensorsWriter(PathOf($"{label}.safetensors"), [.. checkpoint.Tensors.Values]);
        foreach (var entry in checkpoint.Tensors.Values)
        {
            var values = new float[entry.Shape.ElementCount];
            checkpoint.ReadFloats(entry.Name, values);
            writer.Write(values);
        }
    }

    private void Write(string name, IReadOnlyDictionary<string, FloatTensor> tensors)
    {
        using var writer = new SafetensorsWriter(PathOf(name), [.. tensors.Select(tensor => new TensorEntry(tensor.Key, tensor.Value.Shape, ElementType.Float32))]);
        foreach (var tensor in tensors.Values)
            writer.Write(tensor.Values);
    }

    private string PathOf(string name) => Path.Combine(folder.FullName, name);
}
