using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Media.Crops;
using HunyuanPortrait.Rendering.Requests;
using HunyuanPortrait.Rendering.Sources;
using HunyuanPortrait.Rendering.Stages;
using HunyuanPortrait.Storage;
using HunyuanPortrait.Storage.Files;

namespace HunyuanPortrait.Rendering.Jobs;

/// <summary>A request → a job that any worker of a cluster can compute: looks at the inputs, resolves every setting, stores what the job reads.</summary>
/// <param name="store">The cluster's.</param>
public sealed class JobComposer(IArtifactStore store)
{
    /// <summary>Composes a job. Inputs that the store has already are not stored again.</summary>
    /// <param name="request">What to render. Of the output only its ending matters, of the model directory nothing.</param>
    /// <param name="model">The model that the cluster shall use.</param>
    /// <param name="cancellationToken">Stops probing and copying.</param>
    /// <exception cref="Core.Errors.RenderException">The inputs or settings cannot be used, or the store refuses them.</exception>
    public async Task<JobSpecification> ComposeAsync(RenderRequest request, ModelManifest model, CancellationToken cancellationToken = default) =>
        await ComposeAsync(
            request, model, await RenderInputs.ReadAsync(request, model, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    internal async Task<JobSpecification> ComposeAsync(
        RenderRequest request, ModelManifest model, RenderInputs inputs, CancellationToken cancellationToken) => new(
        ModelIdentity.Of(model),
        await KeepAsync(request.PortraitPath, inputs.Files[0].Sha256, cancellationToken).ConfigureAwait(false),
        await KeepAsync(request.DrivingPath, inputs.Files[1].Sha256, cancellationToken).ConfigureAwait(false),
        inputs.ExpectedFrames(request.Clip),
        inputs.Settings,
        new FaceSettings(
            await PlaceAsync(request.Faces.Portrait, cancellationToken).ConfigureAwait(false),
            await PlaceAsync(request.Faces.Driving, cancellationToken).ConfigureAwait(false),
            request.Faces.Missing),
        new ClipRange(request.Clip.Start, request.Clip.Duration),
        new OutputSettings(Path.GetExtension(request.OutputPath).ToLowerInvariant(), request.PasteBack, OutputSettings.DefaultPartLength, request.OutputSize));

    private async Task<FacePlace> PlaceAsync(FaceSelection selection, CancellationToken cancellationToken) => FacePlaces.PlaceOf(
        selection,
        selection.GivenTrack is { } track
            ? await KeepAsync(track.Path, ContentHash.OfFile(track.Path, cancellationToken), cancellationToken).ConfigureAwait(false)
            : null);

    private async Task<AssetReference> KeepAsync(string path, string sha256, CancellationToken cancellationToken)
    {
        // What changes between hashing and copying is found out by the worker that reads it.
        var asset = AssetId.Parse(sha256);
        var content = OpenForReading(path);
        await using (content.ConfigureAwait(false))
            await store.CreateAsync(asset.Key, content, cancellationToken).ConfigureAwait(false);
        return new AssetReference(asset.Key.Value, sha256, Path.GetFileName(path));
    }

    private static FileStream OpenForReading(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception cause) when (StorageErrors.IsFileFailure(cause))
        {
            throw StorageErrors.CannotRead(path, cause);
        }
    }
}
