using System.Text.Json;
using System.Text.Json.Nodes;
using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Parity;

/// <summary>One directory of recorded tensors: <c>config.json</c>, weights, <c>io.safetensors</c>. Not every kind has all three.</summary>
public sealed class CaseDirectory : IDisposable
{
    private readonly Lazy<SafetensorsCheckpoint> recorded;

    /// <summary>Looks at a directory; tensors are read when they are asked for.</summary>
    public CaseDirectory(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        var configPath = File("config.json");
        Config = System.IO.File.Exists(configPath) ? ParseObject(configPath) : null;
        recorded = new Lazy<SafetensorsCheckpoint>(() => SafetensorsCheckpoint.Open(File("io.safetensors")));
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Its last part.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The constructor values and run parameters; null without <c>config.json</c>.</summary>
    public JsonObject? Config { get; }

    /// <summary>The recorded tensors.</summary>
    public SafetensorsCheckpoint Recorded => recorded.Value;

    /// <summary>A file of the directory.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>True when the configuration has the key.</summary>
    public bool Has(string key) => Config?.ContainsKey(key) == true;

    /// <summary>The configuration as a network's.</summary>
    public T ConfigAs<T>() => Architecture.ParsePart<T>(Config!);

    /// <summary>Opens the weights, whichever form is there.</summary>
    public ICheckpoint OpenWeights()
    {
        var safetensors = File("weights.safetensors");
        return Checkpoint.Open(System.IO.File.Exists(safetensors) ? safetensors : File("weights.pth"));
    }

    /// <summary>One recorded tensor as floats.</summary>
    public FloatTensor Read(string name) => ReadFrom(Recorded, name);

    /// <summary>Any checkpoint's tensor as floats.</summary>
    public static FloatTensor ReadFrom(ICheckpoint checkpoint, string name)
    {
        if (!checkpoint.Tensors.TryGetValue(name, out var entry))
            throw ParityErrors.MissingTensor(checkpoint.Source, name);
        var tensor = FloatTensor.Zeros([.. entry.Shape.Dimensions]);
        checkpoint.ReadFloats(name, tensor.Values);
        return tensor;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (recorded.IsValueCreated)
            recorded.Value.Dispose();
    }

    internal static JsonObject ParseObject(string path)
    {
        try
        {
            return JsonNode.Parse(System.IO.File.ReadAllText(path)) as JsonObject ?? throw new JsonException("it holds no object");
        }
        catch (JsonException exception)
        {
            throw ParityErrors.BadConfig(path, exception);
        }
    }
}
