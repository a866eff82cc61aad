using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Core.Execution;

/// <summary>Refusals of a job's documents and artifacts, HP52xx.</summary>
public static class ExecutionErrors
{
    /// <summary>HP5201: a document of a job cannot be read.</summary>
    public static RenderException MalformedDocument(string what, Exception cause) => new(
        "HP5201", $"The {what} cannot be read: {cause.Message} It was written by another version, or damaged: submit the job again.", cause);

    /// <summary>HP5202: an artifact that a task needs is not there.</summary>
    public static RenderException MissingArtifact(string key) => new(
        "HP5202",
        $"The artifact '{key}' is not in the store, although a task needs it. Something outside of the cluster removed it: submit the job again.",
        isTransient: true);

    /// <summary>HP5203: an artifact is not what its writer wrote.</summary>
    public static RenderException DamagedArtifact(string key, string reason) => new(
        "HP5203", $"The artifact '{key}' is damaged: {reason}. Check the store's disk, remove the artifact and submit the job again.");

    /// <summary>HP5204: an asset does not have the content that the job names.</summary>
    public static RenderException OtherContent(AssetReference asset, string sha256) => new(
        "HP5204", $"'{asset.FileName}' should have the SHA-256 {asset.Sha256} and has {sha256}. Upload the file again.");

    /// <summary>HP5205: the worker does not have the model of its task.</summary>
    public static RenderException ModelNotHere(string model) => new(
        "HP5205",
        $"This worker does not have the model {model}. It was given a task that only workers with the model should get: update all silos, and check their models.",
        isTransient: true);
}
