using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Core.Artifacts;

/// <summary>Refusals of what is stored, whatever the store is.</summary>
public static class ArtifactErrors
{
    /// <summary>HP4201: content does not match the hash that it is stored or referred to by.</summary>
    public static RenderException ContentMismatch(ArtifactKey key, string expected, string actual) => new(
        "HP4201",
        $"The content of '{key}' does not match its hash: expected SHA-256 {expected}, got {actual}. It was changed or damaged where it is stored. "
        + "Delete it and store it again.");

    /// <summary>HP4202: an asset is not in the store.</summary>
    public static RenderException AssetMissing(AssetId id) => new(
        "HP4202", $"The asset {id} is not in the store (key '{id.Key}'): it was never uploaded, or it was deleted. Upload it again.");
}
