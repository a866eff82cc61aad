using System.Security.Cryptography;

namespace HunyuanPortrait.Core.Artifacts;

/// <summary>Content that is hashed while it is read, and refused at its end when the hash is not the expected one.</summary>
/// <param name="content">What is read; disposed with this.</param>
/// <param name="key">Where it comes from, for the message.</param>
/// <param name="sha256">The expected hash, 64 lower-case hexadecimal digits.</param>
/// <remarks>Reading up to the end (a read that returns 0) is what verifies. Forward only.</remarks>
public sealed class VerifiedStream(Stream content, ArtifactKey key, string sha256) : ForwardReadStream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool verified;

    /// <inheritdoc/>
    /// <exception cref="Errors.RenderException">HP4201: the end is reached, and the content does not match.</exception>
    public override int Read(Span<byte> buffer) => Checked(buffer, content.Read(buffer));

    /// <inheritdoc/>
    /// <exception cref="Errors.RenderException">HP4201: the end is reached, and the content does not match.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Checked(buffer.Span, read);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
            content.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Checked(ReadOnlySpan<byte> buffer, int read)
    {
        if (read > 0)
        {
            hash.AppendData(buffer[..read]);
        }
        else if (buffer.Length > 0 && !verified)
        {
            var actual = Convert.ToHexStringLower(hash.GetCurrentHash());
            if (actual != sha256)
                throw ArtifactErrors.ContentMismatch(key, sha256, actual);
            verified = true;
        }

        return read;
    }
}
