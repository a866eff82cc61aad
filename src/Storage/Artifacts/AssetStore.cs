using System.Security.Cryptography;
using HunyuanPortrait.Core.Artifacts;

namespace HunyuanPortrait.Storage.Artifacts;

/// <summary>Takes pictures and videos into a store, named by what they contain: the same content is never stored twice.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="temporaryFolder">Where content of any length waits until its hash is known; created when missing.</param>
public sealed class AssetStore(IArtifactStore store, string temporaryFolder)
{
    private const int BufferLength = 1 << 18;

    /// <summary>Stores content. It is hashed while it is received, so it is read once and may come from a network.</summary>
    /// <param name="content">Read from its position to its end; it stays open.</param>
    /// <param name="cancellationToken">Nothing is stored when it is cancelled in time.</param>
    /// <returns>Its id, whether it was stored now or is there since long ago.</returns>
    /// <exception cref="Core.Errors.RenderException">HP4001, HP4002: it cannot be received or stored; what the store refuses.</exception>
    public async Task<AssetId> PutAsync(Stream content, CancellationToken cancellationToken = default)
    {
        await using var received = OpenTemporary();
        var asset = AssetId.Of(await ReceiveAsync(content, received, cancellationToken).ConfigureAwait(false));
        received.Position = 0;
        await store.CreateAsync(asset.Key, received, cancellationToken).ConfigureAwait(false);
        return asset;
    }

    /// <summary>Opens an asset; its content is verified while it is read, at the latest when its end is read.</summary>
    /// <exception cref="Core.Errors.RenderException">HP4202: there is no such asset; from the stream HP4201: the content does not match the hash.</exception>
    public Task<Stream> OpenAsync(AssetId asset, CancellationToken cancellationToken = default) => store.OpenAssetAsync(asset, cancellationToken);

    /// <summary>Reads an asset to its end, to know that it is whole.</summary>
    /// <exception cref="Core.Errors.RenderException">HP4202: there is no such asset; HP4201: the content does not match the hash.</exception>
    public async Task VerifyAsync(AssetId asset, CancellationToken cancellationToken = default)
    {
        await using var content = await OpenAsync(asset, cancellationToken).ConfigureAwait(false);
        await content.CopyToAsync(Stream.Null, BufferLength, cancellationToken).ConfigureAwait(false);
    }

    private async Task<byte[]> ReceiveAsync(Stream content, FileStream received, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferLength];
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            hash.AppendData(buffer.AsSpan(0, read));
            try
            {
                await received.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
            {
                throw StorageErrors.WriteFailed(temporaryFolder, exception);
            }
        }

        return hash.GetHashAndReset();
    }

    // Unbuffered, so that a full disk is met by the write that meets it.
    private FileStream OpenTemporary()
    {
        try
        {
            Directory.CreateDirectory(temporaryFolder);
            return new FileStream(Path.Combine(temporaryFolder, $"{Guid.NewGuid():N}.upload"), new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.DeleteOnClose,
                BufferSize = 0,
            });
        }
        catch (Exception exception) when (StorageErrors.IsFileFailure(exception))
        {
            throw StorageErrors.WriteFailed(temporaryFolder, exception);
        }
    }
}
