using System.Buffers.Binary;
using HunyuanPortrait.Core.Artifacts;
using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Workers.Artifacts;

/// <summary>Pictures of one size as an artifact: a mark, width, height, count (32-bit little-endian), then their pixels, one picture behind the other.</summary>
public static class PictureArtifact
{
    private const uint Mark = 0x31505048; // "HPP1"
    private const int HeaderLength = 4 * sizeof(uint);
    private const int LongestSide = 1 << 14;

    /// <summary>Writes pictures.</summary>
    /// <param name="pictures">Of one size, at least one; each is read before the next is asked for.</param>
    /// <param name="count">How many there will be.</param>
    public static byte[] Write(IEnumerable<RgbImage> pictures, int count)
    {
        var content = Array.Empty<byte>();
        var place = HeaderLength;
        foreach (var picture in pictures)
        {
            if (content.Length == 0)
                content = WithHeader(picture, count);
            picture.Pixels.Span.CopyTo(content.AsSpan(place));
            place += picture.Pixels.Length;
        }

        return place == content.Length ? content : throw new ArgumentException($"Expected {count} pictures.", nameof(pictures));
    }

    /// <summary>Reads pictures, without copying their pixels.</summary>
    /// <param name="key">For messages.</param>
    /// <param name="content">All of it.</param>
    /// <exception cref="Core.Errors.RenderException">HP5203: the content is no such artifact, or it was cut off.</exception>
    public static IReadOnlyList<RgbImage> Read(ArtifactKey key, Memory<byte> content)
    {
        var header = content.Span;
        if (header.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(header) != Mark)
            throw ExecutionErrors.DamagedArtifact(key.Value, "it does not begin like a picture artifact");
        var (width, height) = (Word(header, 1), Word(header, 2));
        var count = Word(header, 3);
        if (width is < 1 or > LongestSide || height is < 1 or > LongestSide || HeaderLength + RgbImage.Channels * width * height * count != content.Length)
            throw ExecutionErrors.DamagedArtifact(key.Value, $"it promises {count} pictures of {width}×{height} and holds {content.Length} bytes");
        var length = (int)(RgbImage.Channels * width * height);
        return [.. Enumerable.Range(0, (int)count)
            .Select(index => new RgbImage((int)width, (int)height, content.Slice(HeaderLength + index * length, length)))];
    }

    private static byte[] WithHeader(RgbImage picture, int count)
    {
        var content = new byte[checked(HeaderLength + picture.Pixels.Length * count)];
        BinaryPrimitives.WriteUInt32LittleEndian(content, Mark);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(sizeof(uint)), picture.Width);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(2 * sizeof(uint)), picture.Height);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(3 * sizeof(uint)), count);
        return content;
    }

    private static long Word(ReadOnlySpan<byte> header, int index) => BinaryPrimitives.ReadUInt32LittleEndian(header[(index * sizeof(uint))..]);
}
