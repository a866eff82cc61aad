using HunyuanPortrait.Core.Artifacts;

namespace HunyuanPortrait.Storage.Tests.Artifacts;

/// <summary>Some bytes, and then a failure.</summary>
internal sealed class BrokenStream : ForwardReadStream
{
    private bool begun;

    public override int Read(Span<byte> buffer)
    {
        if (begun)
            throw new InvalidDataException("The source broke off.");
        begun = true;
        return Math.Min(100, buffer.Length);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
}
