using System.Text.Json.Nodes;
using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Conversion.Networks;
using HunyuanPortrait.Conversion.Networks.Dialects;
using HunyuanPortrait.Conversion.Onnx;
using HunyuanPortrait.Core.Networks;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>One recording of the official size: inputs by formula, recorded outputs, and where its network's weights come from.</summary>
internal sealed class FullSizeRecording : IDisposable
{
    private readonly JsonObject config;
    private readonly ParityOptions options;
    private readonly Tolerance tolerance;
    private readonly SafetensorsCheckpoint recorded;

    /// <param name="path">The recording's configuration.</param>
    /// <param name="architecture">Sizes of the networks.</param>
    /// <param name="tolerance">What outputs may differ by.</param>
    /// <param name="options">Device, and where the weights come from.</param>
    public FullSizeRecording(string path, Architecture architecture, Tolerance tolerance, ParityOptions options)
    {
        this.tolerance = tolerance;
        Name = Path.GetFileNameWithoutExtension(path);
        Architecture = architecture;
        config = CaseDirectory.ParseObject(path);
        this.options = options;
        recorded = SafetensorsCheckpoint.Open(Path.ChangeExtension(path, ".safetensors"));
    }

    public string Name { get; }

    public Architecture Architecture { get; }

    /// <summary>Labels of the checkpoints that the recording needs.</summary>
    public IReadOnlyList<string> Labels => config["weights"] is JsonArray several
        ? [.. several.Select(label => label!.GetValue<string>())]
        : [config["weights"]!.GetValue<string>()];

    /// <summary>A plain value of the configuration.</summary>
    public JsonNode this[string key] => config[key]!;

    /// <summary>An input by its place in the list.</summary>
    public FloatTensor Input(int index)
    {
        var input = config["inputs"]![index]!;
        var tensor = FloatTensor.Zeros([.. input["shape"]!.AsArray().Select(dim => dim!.GetValue<int>())]);
        ProceduralTensors.Fill(input["key"]!.GetValue<string>(), input["mean"]!.GetValue<double>(), input["amp"]!.GetValue<double>(), tensor.Data);
        return tensor;
    }

    /// <summary>Builds a network at the recording's sizes, writes it with its weights to the scratch directory, runs it and removes it.</summary>
    public IReadOnlyDictionary<string, FloatTensor> Run(string label, Action<Dialect> build, Dictionary<string, FloatTensor> inputs, int freeLength = 1)
    {
        var scratch = Directory.CreateDirectory(Path.Combine(options.ScratchDirectory, $"full-size-{Environment.ProcessId}-{label}")).FullName;
        try
        {
            var path = Path.Combine(scratch, "network.onnx");
            using (var checkpoint = Open(label, build))
            using (var data = new ExternalDataFile(Path.Combine(scratch, "network.weights")))
            {
                var graph = new GraphBuilder(label);
                build(new PortableDialect(graph, new Weights(checkpoint)));
                File.WriteAllBytes(path, OnnxWriter.ToBytes(graph, data));
            }

            using var network = options.Loader.Load(NetworkSource.FromFile(label, path));
            var outputs = network.Outputs.ToDictionary(
                output => output.Key, output => FloatTensor.Zeros([.. output.Value.Select(dim => dim < 0 ? freeLength : dim)]), StringComparer.Ordinal);
            network.Run(inputs, outputs);
            return outputs;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>A recorded output against the beginning of an actual one, from the given element on.</summary>
    public Comparison Compare(string name, FloatTensor actual, int start = 0)
    {
        var expected = CaseDirectory.ReadFrom(recorded, name);
        return Comparison.Of($"{Name}/{name}", expected.Shape.ToString(), actual.Values.Slice(start, expected.Values.Length), expected.Values, tolerance);
    }

    public void Dispose() => recorded.Dispose();

    private ICheckpoint Open(string label, Action<Dialect> build)
    {
        if (options.ModelDirectory is { } directory)
        {
            return new OnnxCheckpoint(NetworkPlan.Of(Architecture, Architecture.ImageSize, Architecture.ImageSize)
                .Where(plan => plan.Checkpoint == label).Select(plan => Path.Combine(directory, $"{plan.Name}.onnx")));
        }

        using var empty = new ProceduralCheckpoint(label, 1, []);
        var weights = new Weights(empty);
        build(new PortableDialect(new GraphBuilder(label), weights));
        return new ProceduralCheckpoint(label, config["gain"]!.GetValue<double>(), weights.Requested);
    }
}
