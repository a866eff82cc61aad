using System.Security.Cryptography;

namespace HunyuanPortrait.Core.Artifacts;

/// <summary>Content that is hashed while it is read, and refused at its end when the hash is not the expected one.</summary>
/// <param name="content">What is read; disposed with this.</param>
/// <param name="key">Where it comes from, for the message.</param>
/// <param name="sha256">The expected hash, 64 lower-case hexadecimal digits.</param>
/// <remarks>Reading up to the end (a read that returns 0) is what verifies. Forward only.</remarks>
public sealed class VerifiedStream(Stream content, ArtifactKey key, string sha256) : Stream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool verified;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="Errors.RenderException">HP4201: the end is reached, and the content does not match.</exception>
    public override int Read(Span<byte> buffer) => Checked(buffer, content.Read(buffer));

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="Errors.RenderException">HP4201: the end is reached, and the content does not match.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Checked(buffer.Span, read);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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
