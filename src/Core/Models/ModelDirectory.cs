namespace HunyuanPortrait.Core.Models;

/// <summary>How a model directory is laid out.</summary>
public static class ModelDirectory
{
    /// <summary>File name of the manifest; it is written last, so a directory without it is not a model.</summary>
    public const string ManifestName = "model.json";
}
