using System.Security.Cryptography;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Workers.Caches;

namespace HunyuanPortrait.Workers.Preparing;

/// <summary>Assets as files, because ffmpeg reads files: copied once, checked against their hash.</summary>
internal sealed class AssetFiles
{
    private readonly IArtifactStore store;
    private readonly ScratchFolder scratch;
    private readonly LoadOnce<AssetReference, string> files;

    public AssetFiles(IArtifactStore store, ScratchFolder scratch, int capacity)
    {
        (this.store, this.scratch) = (store, scratch);
        files = new(capacity, CopyAsync);
    }

    /// <exception cref="Core.Errors.RenderException">HP5202: it is not there; HP5204: its content is another.</exception>
    public Task<string> PathOfAsync(AssetReference asset, CancellationToken cancellationToken) => files.GetAsync(asset, cancellationToken);

    /// <summary>A picture or video with the file of its faces, where there is one.</summary>
    /// <exception cref="Core.Errors.RenderException">HP5202: one is not there; HP5204: its content is another.</exception>
    public async Task<MediaFile> FileOfAsync(AssetReference asset, FacePlace face, CancellationToken cancellationToken) => new(
        await PathOfAsync(asset, cancellationToken).ConfigureAwait(false),
        face.Track is null ? null : await PathOfAsync(face.Track, cancellationToken).ConfigureAwait(false));

    private async Task<string> CopyAsync(AssetReference asset)
    {
        var path = scratch.NewNamedFile(asset.FileName);
        await using var content = await store.OpenReadAsync(ArtifactKey.Parse(asset.Key)).ConfigureAwait(false)
            ?? throw ExecutionErrors.MissingArtifact(asset.Key);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var file = File.Create(path))
        {
            var buffer = new byte[1 << 17];
            for (int read; (read = await content.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
            {
                hash.AppendData(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
            }
        }

        var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (sha256 == asset.Sha256)
            return path;
        File.Delete(path);
        throw ExecutionErrors.OtherContent(asset, sha256);
    }
}
