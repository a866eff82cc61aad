using HunyuanPortrait.Cli.Options;
using HunyuanPortrait.Core.Errors;
using HunyuanPortrait.Core.Models;

namespace HunyuanPortrait.Cli.Reporting;

/// <summary>A model directory as <c>models list</c> shows it.</summary>
/// <param name="Name">What --model takes.</param>
/// <param name="Directory">Where it is.</param>
/// <param name="Kind">What its pictures are worth; null while the stand-in is not written yet.</param>
/// <param name="Precision">fp32 or fp16.</param>
/// <param name="Width">Of generated pictures.</param>
/// <param name="Height">Of generated pictures.</param>
/// <param name="Bytes">Of all its files.</param>
/// <param name="Problem">Why it cannot be used; null when it can.</param>
internal sealed record ListedModel(
    string Name, string Directory, string? Kind, string? Precision, int Width, int Height, long Bytes, string? Problem);

internal static class ModelListing
{
    /// <summary>Every model directory in a folder, the embedded model, and the stand-in, which needs no directory.</summary>
    public static IReadOnlyList<ListedModel> Of(string folder)
    {
        var models = Directories(folder).Select(Describe).ToList();
        if (models.All(model => model.Name != ModelLocations.StandIn))
            models.Insert(0, new ListedModel(ModelLocations.StandIn, Path.Combine(folder, ModelLocations.StandIn), null, null, 0, 0, 0, null));
        if (ModelLocations.HasEmbedded)
            models.Insert(0, Describe(ModelLocations.EmbeddedDirectory));
        return models;
    }

    private static IEnumerable<string> Directories(string folder) =>
        Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder).Where(directory => File.Exists(Path.Combine(directory, ModelDirectory.ManifestName))).Order(StringComparer.Ordinal)
            : [];

    private static ListedModel Describe(string directory)
    {
        var name = Path.GetFileName(directory);
        var bytes = new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        try
        {
            var manifest = ReadManifest(directory);
            var geometry = manifest.Geometry;
            return new ListedModel(name, directory, manifest.Kind.ToString(), manifest.Precision, geometry.Width, geometry.Height, bytes, null);
        }
        catch (RenderException refusal)
        {
            return new ListedModel(name, directory, null, null, 0, 0, bytes, $"{refusal.Code}: {refusal.Message}");
        }
    }

    private static ModelManifest ReadManifest(string directory)
    {
        var path = Path.Combine(directory, ModelDirectory.ManifestName);
        return ModelManifestJson.Parse(File.ReadAllBytes(path), path);
    }
}
