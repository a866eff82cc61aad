using System.Text.Json.Nodes;
using HunyuanPortrait.Conversion.Checkpoints;

namespace HunyuanPortrait.Parity.Cases;

/// <summary>Container samples with their expected contents: names, shapes and every number.</summary>
internal sealed class PthFormatCase : ICaseRunner
{
    public string Kind => "pth-format";

    public bool Accepts(CaseDirectory directory) =>
        File.Exists(directory.File("index.json")) && Directory.GetFiles(directory.Path, "*.expected.safetensors").Length > 0;

    public IEnumerable<Comparison> Run(CaseDirectory directory, ParityOptions options)
    {
        foreach (var (sample, _) in (JsonObject)CaseDirectory.ParseObject(directory.File("index.json")))
        {
            using var actual = Checkpoint.Open(directory.File($"{sample}.pth"));
            using var expected = Checkpoint.Open(directory.File($"{sample}.expected.safetensors"));
            foreach (var name in expected.Tensors.Keys.Union(actual.Tensors.Keys))
                yield return Compare($"{sample}/{name}", name, actual, expected);
        }
    }

    private static Comparison Compare(string output, string name, ICheckpoint actual, ICheckpoint expected)
    {
        if (!expected.Tensors.TryGetValue(name, out var wanted))
            return Comparison.Failed(output, "", Tolerance.Exact, "is not expected");
        if (!actual.Tensors.TryGetValue(name, out var found))
            return Comparison.Failed(output, wanted.Shape.ToString(), Tolerance.Exact, "is missing");
        return found.Shape != wanted.Shape
            ? Comparison.Failed(output, wanted.Shape.ToString(), Tolerance.Exact, $"has shape {found.Shape}")
            : Comparison.Of(output, CaseDirectory.ReadFrom(actual, name), CaseDirectory.ReadFrom(expected, name), Tolerance.Exact);
    }
}
