using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Errors;

namespace HunyuanPortrait.Storage.Azure;

/// <summary>
/// Artifacts as blobs of a container of Azure Storage. The service itself compares versions (conditional writes by ETag), and the client tries again
/// what fails for a while.
/// </summary>
/// <remarks>
/// A try whose answer is lost may have succeeded, and the next one then meets its own blob. Each write therefore carries a mark of its own in the
/// metadata, and a write that is refused for its condition looks whether the blob bears that mark.
/// </remarks>
public sealed class AzureArtifactStore : IArtifactStore
{
    private const string WriterMark = "writer";
    private const int BlockLength = 8 << 20;

    private readonly BlobContainerClient container;

    private AzureArtifactStore(BlobContainerClient container) => this.container = container;

    /// <summary>Connects, and creates the container when it is missing.</summary>
    /// <exception cref="RenderException">
    /// HP4206: the service does not answer; HP4207: it refuses, for instance the credentials; HP4208: the options cannot be used.
    /// </exception>
    public static async Task<AzureArtifactStore> OpenAsync(AzureStoreOptions options, CancellationToken cancellationToken = default)
    {
        var container = Connect(options);
        await AzureFailures.TranslatedAsync(
            container.Uri, () => container.CreateIfNotExistsAsync(cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
        return new AzureArtifactStore(container);
    }

    /// <inheritdoc/>
    public async Task<CreateOutcome> CreateAsync(ArtifactKey key, Stream content, CancellationToken cancellationToken = default)
    {
        if (content.CanSeek && content.Length - content.Position > BlockLength && await ExistsAsync(key, cancellationToken).ConfigureAwait(false))
            return CreateOutcome.Exists;
        var written = await WriteAsync(key, content, MustNotExist, cancellationToken).ConfigureAwait(false);
        return written is null ? CreateOutcome.Exists : CreateOutcome.Created;
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(ArtifactKey key, CancellationToken cancellationToken = default)
    {
        var blob = BlobOf(key);
        return AzureFailures.TranslatedAsync<Stream?>(blob.Uri, async () =>
        {
            try
            {
                var response = await blob.DownloadStreamingAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
                return new BlobReadStream(response.Value.Content, blob.Uri);
            }
            catch (RequestFailedException failure) when (AzureFailures.IsMissing(failure))
            {
                return null;
            }
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoredRecord?> ReadAsync(ArtifactKey key, CancellationToken cancellationToken = default)
    {
        var blob = BlobOf(key);
        return AzureFailures.TranslatedAsync(blob.Uri, async () =>
        {
            try
            {
                var response = await blob.DownloadContentAsync(cancellationToken).ConfigureAwait(false);
                return new StoredRecord(response.Value.Content.ToMemory(), response.Value.Details.ETag.ToString());
            }
            catch (RequestFailedException failure) when (AzureFailures.IsMissing(failure))
            {
                return null;
            }
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ReplaceOutcome> ReplaceAsync(
        ArtifactKey key, ReadOnlyMemory<byte> content, string? expectedETag, CancellationToken cancellationToken = default)
    {
        var condition = expectedETag is null ? MustNotExist : new BlobRequestConditions { IfMatch = new ETag(expectedETag) };
        await using var stream = BinaryData.FromBytes(content).ToStream();
        return new ReplaceOutcome(await WriteAsync(key, stream, condition, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public Task<DeleteOutcome> DeleteAsync(ArtifactKey key, string? expectedETag = null, CancellationToken cancellationToken = default)
    {
        var blob = BlobOf(key);
        var condition = expectedETag is null ? null : new BlobRequestConditions { IfMatch = new ETag(expectedETag) };
        return AzureFailures.TranslatedAsync(blob.Uri, async () =>
        {
            try
            {
                var existed = await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, condition, cancellationToken).ConfigureAwait(false);
                return existed.Value ? DeleteOutcome.Deleted : DeleteOutcome.Missing;
            }
            catch (RequestFailedException failure) when (AzureFailures.IsConditionNotMet(failure))
            {
                var exists = await blob.ExistsAsync(cancellationToken).ConfigureAwait(false);
                return exists.Value ? DeleteOutcome.Conflict : DeleteOutcome.Missing;
            }
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArtifactInfo> ListAsync(
        ArtifactKey? folder = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new GetBlobsOptions { Prefix = folder is null ? null : $"{folder}/" };
        await using var blobs = container.GetBlobsAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await AzureFailures.TranslatedAsync(container.Uri, () => blobs.MoveNextAsync().AsTask(), cancellationToken).ConfigureAwait(false))
        {
            // Not ours: what somebody else put there.
            if (ArtifactKey.TryParse(blobs.Current.Name, out var key))
                yield return new ArtifactInfo(key, blobs.Current.Properties.ContentLength ?? 0, blobs.Current.Properties.LastModified ?? default);
        }
    }

    private static BlobRequestConditions MustNotExist => new() { IfNoneMatch = ETag.All };

    private static BlobContainerClient Connect(AzureStoreOptions options)
    {
        try
        {
            return new BlobContainerClient(options.ConnectionString, options.Container, ClientOptions(options));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw StorageErrors.ServiceOptions("the connection string of the blob store", exception.Message, exception);
        }
    }

    private static BlobClientOptions ClientOptions(AzureStoreOptions options)
    {
        var client = options.ServiceVersion is null ? new BlobClientOptions() : new BlobClientOptions(VersionOf(options.ServiceVersion));
        client.Retry.Mode = RetryMode.Exponential;
        client.Retry.MaxRetries = options.MaxRetries;
        client.Retry.Delay = options.RetryDelay;
        client.Retry.MaxDelay = options.MaxRetryDelay;
        client.Retry.NetworkTimeout = options.NetworkTimeout;
        return client;
    }

    private static BlobClientOptions.ServiceVersion VersionOf(string text) =>
        Enum.TryParse<BlobClientOptions.ServiceVersion>($"V{text.Replace('-', '_')}", out var version) && Enum.IsDefined(version)
            ? version
            : throw StorageErrors.ServiceOptions(
                $"the service version '{text}' of the blob store",
                $"the client knows {string.Join(", ", Enum.GetNames<BlobClientOptions.ServiceVersion>().Select(name => name[1..].Replace('_', '-')))}");

    // Saves sending what is there already, block by block, until the last call says so.
    private async Task<bool> ExistsAsync(ArtifactKey key, CancellationToken cancellationToken)
    {
        var blob = BlobOf(key);
        return await AzureFailures.TranslatedAsync(blob.Uri, () => blob.ExistsAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private BlobClient BlobOf(ArtifactKey key) => container.GetBlobClient(key.Value);

    // The version that was written; null when the condition does not hold.
    private Task<string?> WriteAsync(ArtifactKey key, Stream content, BlobRequestConditions condition, CancellationToken cancellationToken)
    {
        var blob = BlobOf(key);
        var mark = Guid.NewGuid().ToString("N");
        var upload = new BlobUploadOptions
        {
            Conditions = condition,
            Metadata = new Dictionary<string, string> { [WriterMark] = mark },
            TransferOptions = new StorageTransferOptions { InitialTransferSize = BlockLength, MaximumTransferSize = BlockLength },
        };
        return AzureFailures.TranslatedAsync(blob.Uri, async () =>
        {
            try
            {
                var response = await blob.UploadAsync(content, upload, cancellationToken).ConfigureAwait(false);
                return response.Value.ETag.ToString();
            }
            catch (RequestFailedException failure) when (AzureFailures.IsConditionNotMet(failure) || AzureFailures.IsMissing(failure))
            {
                return await OwnVersionAsync(blob, mark, cancellationToken).ConfigureAwait(false);
            }
        }, cancellationToken);
    }

    // An earlier try of the same write may have succeeded without an answer.
    private static async Task<string?> OwnVersionAsync(BlobClient blob, string mark, CancellationToken cancellationToken)
    {
        try
        {
            var properties = await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return properties.Value.Metadata.TryGetValue(WriterMark, out var writer) && writer == mark ? properties.Value.ETag.ToString() : null;
        }
        catch (RequestFailedException failure) when (AzureFailures.IsMissing(failure))
        {
            return null;
        }
    }
}
