using System.Runtime.InteropServices;
using System.Text.Json;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Conversion.Networks.FaceApi;

/// <summary>
/// Weights in the TensorFlow.js form that face-api publishes: <c>NAME-weights_manifest.json</c> describes, in order, the tensors in the concatenated
/// binary files beside it; a tensor is fp32, or bytes with scale and minimum.
/// </summary>
public sealed class FaceApiWeights
{
    private readonly string source;
    private readonly Dictionary<string, FaceApiTensor> tensors;
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    private FaceApiWeights(string source, Dictionary<string, FaceApiTensor> tensors)
    {
        this.source = source;
        this.tensors = tensors;
    }

    /// <summary>Reads one model.</summary>
    /// <param name="folder">The package's <c>model</c> folder.</param>
    /// <param name="model">Name of the model without suffix, <c>tiny_face_detector_model</c>.</param>
    /// <exception cref="RenderException">A file is missing or damaged (HP2001, HP2003, HP2011).</exception>
    public static FaceApiWeights Read(string folder, string model)
    {
        var path = Path.Combine(folder, $"{model}-weights_manifest.json");
        try
        {
            using var manifest = JsonDocument.Parse(File.ReadAllBytes(path));
            var tensors = new Dictionary<string, FaceApiTensor>(StringComparer.Ordinal);
            foreach (var group in manifest.RootElement.EnumerateArray())
                ReadGroup(path, group, tensors);
            return new FaceApiWeights(path, tensors);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw CheckpointErrors.NotReadable(path, error.Message, error);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw CheckpointErrors.NotReadable(path, $"it is not a weight manifest of TensorFlow.js ({error.Message})", error);
        }
    }

    /// <summary>True when the model has the tensor.</summary>
    public bool Has(string name) => tensors.ContainsKey(name);

    /// <summary>One tensor, of the shape that the architecture asks for.</summary>
    /// <exception cref="RenderException">There is none, or its shape differs (HP2015, HP2011).</exception>
    public FaceApiTensor Get(string name, params int[] dims)
    {
        if (!tensors.TryGetValue(name, out var tensor))
            throw CheckpointErrors.NoSuchTensor(source, name);
        if (tensor.Shape != new TensorShape(dims))
            throw CheckpointErrors.BadTensor(source, name, $"its shape is {tensor.Shape}, the architecture has {new TensorShape(dims)}");
        used.Add(name);
        return tensor;
    }

    /// <summary>Checks that the architecture asked for everything that the file has.</summary>
    /// <exception cref="RenderException">A tensor was never asked for (HP2011).</exception>
    public void RequireAllUsed()
    {
        if (tensors.Keys.FirstOrDefault(name => !used.Contains(name)) is { } surplus)
            throw CheckpointErrors.BadTensor(source, surplus, "the architecture has no such tensor");
    }

    private static void ReadGroup(string path, JsonElement group, Dictionary<string, FaceApiTensor> tensors)
    {
        var folder = Path.GetDirectoryName(path)!;
        // A manifest names files beside it; only the name counts, so that it cannot lead elsewhere.
        var bytes = group.GetProperty("paths").EnumerateArray()
            .SelectMany(file => File.ReadAllBytes(Path.Combine(folder, Path.GetFileName(file.GetString()!)))).ToArray();
        var offset = 0;
        foreach (var entry in group.GetProperty("weights").EnumerateArray())
        {
            var tensor = ReadTensor(path, entry, bytes.AsSpan(offset), out var length);
            tensors.Add(tensor.Name, tensor);
            offset += length;
        }

        if (offset != bytes.Length)
            throw CheckpointErrors.NotReadable(path, $"it describes {offset} bytes of weights, the binary files have {bytes.Length}");
    }

    private static FaceApiTensor ReadTensor(string path, JsonElement entry, ReadOnlySpan<byte> bytes, out int length)
    {
        var name = entry.GetProperty("name").GetString()!;
        var shape = new TensorShape([.. entry.GetProperty("shape").EnumerateArray().Select(dim => dim.GetInt32())]);
        var count = checked((int)shape.ElementCount);
        var isQuantised = entry.TryGetProperty("quantization", out var quantisation);
        var type = (isQuantised ? quantisation : entry).GetProperty("dtype").GetString();
        if (type != (isQuantised ? "uint8" : "float32"))
            throw CheckpointErrors.UnsupportedType(path, name, type ?? "null");
        length = isQuantised ? count : checked(count * sizeof(float));
        if (length > bytes.Length)
            throw CheckpointErrors.Truncated(path, $"tensor '{name}' needs {length} bytes, {bytes.Length} are left");
        if (!isQuantised)
            return new FaceApiTensor(name, shape, MemoryMarshal.Cast<byte, float>(bytes[..length]).ToArray(), false, 1, 0);
        var stored = Array.ConvertAll(bytes[..length].ToArray(), value => (float)value);
        return new FaceApiTensor(name, shape, stored, true, quantisation.GetProperty("scale").GetDouble(), quantisation.GetProperty("min").GetDouble());
    }
}
