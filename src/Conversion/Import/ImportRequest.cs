using HunyuanPortrait.Conversion.Architectures;
using HunyuanPortrait.Conversion.Models;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Conversion.Import;

/// <summary>Element type of the written weights.</summary>
public enum WeightPrecision
{
    /// <summary>fp32.</summary>
    Single,

    /// <summary>fp16: half the size; values beyond its range are refused, not rounded to infinity.</summary>
    Half,
}

/// <summary>What to import, and how.</summary>
/// <param name="From">Folder in the official layout (<see cref="CheckpointLayout"/>).</param>
/// <param name="To">The model directory; it must not exist, or be empty.</param>
public sealed record ImportRequest(string From, string To)
{
    /// <summary>Element type of the written weights.</summary>
    public WeightPrecision Precision { get; init; } = WeightPrecision.Single;

    /// <summary>Form of the graphs.</summary>
    public GraphDialect Dialect { get; init; } = GraphDialect.Portable;

    /// <summary>The user accepts the publishers' licences (<see cref="ModelImporter.Licenses"/>).</summary>
    public bool AcceptLicense { get; init; }

    /// <summary>Width and height of generated pictures, pixels; null for the architecture's.</summary>
    public int? ImageSize { get; init; }

    /// <summary>Frames per window; null for the architecture's.</summary>
    public int? WindowLength { get; init; }

    /// <summary>What the weights are worth; published ones need <see cref="AcceptLicense"/>.</summary>
    public ModelKind Kind { get; init; } = ModelKind.Official;

    /// <summary>Name in <c>model.json</c>, for people.</summary>
    public string Name { get; init; } = "HunyuanPortrait";

    /// <summary>Sizes where the configuration files beside the weights do not give them.</summary>
    public Architecture Architecture { get; init; } = Architecture.Official;
}

/// <summary>How far an import is.</summary>
/// <param name="File">The checkpoint at work.</param>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Count">Number of checkpoints.</param>
/// <param name="Fraction">Part of its tensors that was read, 0 … 1.</param>
public readonly record struct ImportProgress(string File, int Index, int Count, double Fraction);

/// <summary>What one checkpoint cost.</summary>
/// <param name="File">Relative to the imported folder.</param>
/// <param name="SourceBytes">Size of the checkpoint.</param>
/// <param name="WrittenBytes">Graphs and external data.</param>
/// <param name="Elapsed">Checking, converting, hashing.</param>
/// <param name="PeakMemoryBytes">Largest resident set of the process meanwhile.</param>
public sealed record ImportedFile(string File, long SourceBytes, long WrittenBytes, TimeSpan Elapsed, long PeakMemoryBytes);

/// <summary>A finished import.</summary>
/// <param name="Manifest">As written to <c>model.json</c>.</param>
/// <param name="Files">One entry per checkpoint.</param>
/// <param name="Elapsed">In all.</param>
public sealed record ImportReport(ModelManifest Manifest, IReadOnlyList<ImportedFile> Files, TimeSpan Elapsed);
