using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Core.Models;

/// <summary>Refusals of <c>model.json</c>, HP29xx.</summary>
public static class ModelErrors
{
    /// <summary>HP2901: the file is not the JSON that a manifest is.</summary>
    public static RenderException Malformed(string source, Exception cause) => new(
        "HP2901", $"{source} is not a model manifest: {cause.Message} Import the model again.", cause);

    /// <summary>HP2902: the file has a version that this program does not know.</summary>
    public static RenderException UnknownVersion(string source, int version) => new(
        "HP2902",
        $"{source} has format version {version}, this program reads version {ModelManifestJson.FormatVersion}. " +
        "Import the model again, or use the program that wrote it.");

    /// <summary>HP2903: the file can be read, but what it says cannot be; every failure is listed.</summary>
    public static RenderException Contradictory(string source, IReadOnlyCollection<string> failures) => new(
        "HP2903",
        $"{source} does not describe a model that can run:\n{string.Join('\n', failures.Select(failure => $"  - {failure}."))}\nImport the model again.");

    /// <summary>HP2911: the directory has no manifest.</summary>
    public static RenderException NotAModel(string directory) => new(
        "HP2911",
        $"{directory} is not a model directory: it has no {ModelDirectory.ManifestName}. Give a directory that `models import` wrote.");

    /// <summary>HP2912: the manifest does not name a network that the render needs.</summary>
    public static RenderException NetworkMissing(string network, string directory) => new(
        "HP2912", $"The model in {directory} has no network '{network}'. Import the model again.");
}
