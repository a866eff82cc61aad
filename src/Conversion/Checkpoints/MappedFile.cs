using System.IO.MemoryMappedFiles;

namespace HunyuanPortrait.Conversion.Checkpoints;

/// <summary>
/// A file that is mapped piece by piece. A piece is unmapped when it is disposed, so reading a file of any size one tensor at a time
/// neither fills the heap nor the resident set.
/// </summary>
internal sealed class MappedFile : IDisposable
{
    private readonly MemoryMappedFile file;

    private MappedFile(MemoryMappedFile file, string path, long length)
    {
        this.file = file;
        Path = path;
        Length = length;
    }

    public string Path { get; }

    public long Length { get; }

    public static MappedFile Open(string path)
    {
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (stream.Length == 0)
            {
                stream.Dispose();
                throw CheckpointErrors.NotACheckpoint(path, "an empty file");
            }
            var mapped = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            return new MappedFile(mapped, path, stream.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw CheckpointErrors.NotReadable(path, Directory.Exists(path) ? "it is a directory" : exception.Message, exception);
        }
    }

    /// <summary>Maps a range that must lie inside of the file.</summary>
    public MappedRange Map(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
            throw CheckpointErrors.Truncated(Path, $"bytes {offset} to {offset + length} are needed, it has {Length}");
        return new MappedRange(length == 0 ? null : file.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read), length);
    }

    /// <summary>A copy of a small range.</summary>
    public byte[] Read(long offset, int length)
    {
        using var range = Map(offset, length);
        return range.Span(0, length).ToArray();
    }

    public void Dispose() => file.Dispose();
}

/// <summary>A mapped piece of a file; unmapped on disposal.</summary>
internal sealed unsafe class MappedRange : IDisposable
{
    private readonly MemoryMappedViewAccessor? view;
    private readonly byte* start;

    public MappedRange(MemoryMappedViewAccessor? view, long length)
    {
        this.view = view;
        Length = length;
        if (view is null)
            return;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        start += view.PointerOffset;
    }

    public long Length { get; }

    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new ReadOnlySpan<byte>(start + offset, length);
    }

    public void Dispose()
    {
        view?.SafeMemoryMappedViewHandle.ReleasePointer();
        view?.Dispose();
    }
}
