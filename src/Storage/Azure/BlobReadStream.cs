using HunyuanPortrait.Core.Artifacts;

namespace HunyuanPortrait.Storage.Azure;

/// <summary>A blob on its way here. A connection that breaks is taken up again by the client; what it cannot mend becomes a refusal.</summary>
internal sealed class BlobReadStream(Stream content, Uri place) : ForwardReadStream
{
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return content.Read(buffer);
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            throw AzureFailures.Refusal(place, exception);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsFailure(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw AzureFailures.Refusal(place, exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            content.Dispose();
        base.Dispose(disposing);
    }

    private static bool IsFailure(Exception exception) => exception is IOException || AzureFailures.IsServiceFailure(exception);
}
