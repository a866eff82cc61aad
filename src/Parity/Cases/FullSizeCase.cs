using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Tensors;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>
/// Networks of the official sizes with weights by formula. Only outputs are recorded; weights come from an imported model, or are computed into a scratch
/// directory.
/// </summary>
internal sealed class FullSizeCase : ICaseRunner
{
    public string Kind => "full-size";

    public bool Accepts(CaseDirectory directory) => File.Exists(directory.File("generator_check.safetensors"));

    public IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options)
    {
        foreach (var comparison in Generator(directory))
            yield return comparison;
        var (architecture, tolerance) = Model(options);
        foreach (var path in Directory.GetFiles(directory.Path, "*.json").Order(StringComparer.Ordinal))
        {
            using var recording = new FullSizeRecording(path, architecture, tolerance, options);
            foreach (var comparison in FullSizeNetworks.Run(recording))
                yield return comparison;
        }
    }

    /// <summary>The formula itself, before anything is computed from it.</summary>
    private static IEnumerable<Comparison> Generator(CaseDirectory directory)
    {
        using var recorded = Conversion.Checkpoints.SafetensorsCheckpoint.Open(directory.File("generator_check.safetensors"));
        foreach (var name in recorded.Tensors.Keys)
        {
            var expected = CaseDirectory.ReadFrom(recorded, name);
            var actual = FloatTensor.Zeros([.. expected.Shape.Dimensions]);
            Conversion.Checkpoints.ProceduralTensors.Fill(name["unit/".Length..], 0, 1, actual.Data);
            yield return Comparison.Of($"generator/{name}", actual, expected, Tolerance.Exact);
        }
    }

    private static (Architecture Architecture, Tolerance Tolerance) Model(ParityOptions options)
    {
        if (options.ModelDirectory is null)
            return (Architecture.Official, Tolerance.Module);
        var path = Path.Combine(options.ModelDirectory, ModelDirectory.ManifestName);
        if (!File.Exists(path))
            throw ModelErrors.NotAModel(options.ModelDirectory);
        var manifest = ModelManifestJson.Parse(File.ReadAllBytes(path), path);
        return (Architecture.Parse(manifest.Architecture), manifest.Precision == "fp16" ? Tolerance.HalfModule : Tolerance.Module);
    }
}
