using System.Text.Json;
using HunyuanPortrait.Conversion.Checkpoints;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.FullSize;

/// <summary>Where the inputs of a full-size checkpoint set lie, and what is wanted.</summary>
/// <param name="ManifestFolder"><c>reference/manifest</c>.</param>
/// <param name="GoldenFolder"><c>reference/golden/full-size</c>, for the gains.</param>
/// <param name="ConfigFolder"><c>reference/config</c>.</param>
/// <param name="TargetFolder">Receives the official layout.</param>
/// <param name="HalfVae">Writes the VAE in fp16, as published; the recorded outputs were computed from fp32.</param>
internal sealed record OfficialLayoutRequest(string ManifestFolder, string GoldenFolder, string ConfigFolder, string TargetFolder, bool HalfVae);

/// <summary>Writes a checkpoint set in the official layout and sizes with procedural weights.</summary>
internal static class OfficialLayout
{
    private static readonly (string Config, string Target)[] Configs =
        [("unet.json", "unet/config.json"), ("vae.json", "vae/config.json"), ("scheduler.json", "scheduler/scheduler_config.json")];

    /// <summary>Writes all files and returns their names with sizes.</summary>
    public static IEnumerable<(string File, long Bytes)> Write(OfficialLayoutRequest request)
    {
        var gains = ReadGains(request.GoldenFolder);
        foreach (var manifest in Directory.EnumerateFiles(request.ManifestFolder, "*.json").Order(StringComparer.Ordinal))
        {
            var label = Path.GetFileNameWithoutExtension(manifest);
            var (file, tensors) = ReadManifest(manifest, label == "vae" && request.HalfVae);
            var path = Path.Combine(request.TargetFolder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var weights = new ProceduralCheckpoint(label, gains[label], tensors);
            WriteTensors(path, tensors, entry => Read(weights, entry));
            yield return (file, new FileInfo(path).Length);
        }
        foreach (var (config, target) in Configs)
        {
            var path = Path.Combine(request.TargetFolder, target);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, File.ReadAllBytes(Path.Combine(request.ConfigFolder, config)));
            yield return (target, new FileInfo(path).Length);
        }
    }

    /// <summary>Streams tensors into a <c>.pth</c> or <c>.safetensors</c> file, by extension.</summary>
    public static void WriteTensors(string path, IReadOnlyList<TensorEntry> tensors, Func<TensorEntry, float[]> values)
    {
        if (Path.GetExtension(path) == ".safetensors")
        {
            using var safetensors = new SafetensorsWriter(path, tensors);
            foreach (var tensor in tensors)
                safetensors.Write(values(tensor));
            return;
        }
        using var pth = new PyTorchWriter(path, tensors);
        foreach (var tensor in tensors)
            pth.Write(values(tensor));
    }

    /// <summary>A whole tensor.</summary>
    public static float[] Read(ICheckpoint checkpoint, TensorEntry entry)
    {
        var values = new float[entry.Shape.ElementCount];
        checkpoint.ReadFloats(entry.Name, values);
        return values;
    }

    /// <summary>File name and tensors of one manifest; floats become fp32 unless halves are asked for.</summary>
    public static (string File, IReadOnlyList<TensorEntry> Tensors) ReadManifest(string path, bool half)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var tensors = document.RootElement.GetProperty("tensors").EnumerateArray().Select(tensor => new TensorEntry(
            tensor.GetProperty("name").GetString()!,
            new TensorShape([.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())]),
            tensor.GetProperty("dtype").GetString() == "I64" ? ElementType.Int64 : half ? ElementType.Float16 : ElementType.Float32));
        return (document.RootElement.GetProperty("file").GetString()!, [.. tensors]);
    }

    private static Dictionary<string, double> ReadGains(string folder)
    {
        var gains = new Dictionary<string, double>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.json"))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var weights = document.RootElement.GetProperty("weights");
            var gain = document.RootElement.GetProperty("gain").GetDouble();
            string[] labels = weights.ValueKind == JsonValueKind.Array ? [.. weights.EnumerateArray().Select(label => label.GetString()!)] : [weights.GetString()!];
            foreach (var label in labels)
                gains[label] = gain;
        }
        return gains;
    }
}
