using System.IO.MemoryMappedFiles;
using HunyuanPortrait.Core.Latents;

namespace HunyuanPortrait.Storage.Frames;

/// <summary>
/// Frames in a memory-mapped temporary file: not on the heap, and after a while not in the process's resident memory either. Different frames may
/// be read and written concurrently.
/// </summary>
internal sealed unsafe class MappedFrameStore : IFrameStore
{
    private readonly MemoryMappedViewAccessor view;
    private readonly long residentBytes;
    private byte* start;
    private long touchedBytes;

    /// <summary>Creates the file and maps it.</summary>
    /// <param name="path">Where the file is created; its name vanishes at once.</param>
    /// <param name="frameCount">Number of frames.</param>
    /// <param name="valuesPerFrame">Floats per frame.</param>
    /// <param name="residentBytes">How much may be touched before the pages are released.</param>
    public MappedFrameStore(string path, int frameCount, int valuesPerFrame, long residentBytes)
    {
        FrameCount = frameCount;
        ValuesPerFrame = valuesPerFrame;
        this.residentBytes = residentBytes;
        using var file = TemporaryFile.Create(path, ByteLength);
        try
        {
            // The view keeps the file alive; neither its handle nor the mapping object is needed any more.
            using var mapping = MemoryMappedFile.CreateFromFile(
                file, null, ByteLength, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
            view = mapping.CreateViewAccessor(0, ByteLength);
        }
        catch (IOException exception)
        {
            throw StorageErrors.WriteFailed(path, exception);
        }

        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
    }

    /// <inheritdoc/>
    public int FrameCount { get; }

    /// <inheritdoc/>
    public int ValuesPerFrame { get; }

    private long FrameBytes => (long)ValuesPerFrame * sizeof(float);

    private long ByteLength => checked(FrameCount * FrameBytes);

    /// <inheritdoc/>
    public void Read(int frame, Span<float> destination)
    {
        FrameAt(frame, destination.Length).CopyTo(destination);
        Touched();
    }

    /// <inheritdoc/>
    public void Write(int frame, ReadOnlySpan<float> values)
    {
        values.CopyTo(FrameAt(frame, values.Length));
        Touched();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (start == null)
            return;
        start = null;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        // No flush: nobody will read the file again.
        view.SafeMemoryMappedViewHandle.Dispose();
    }

    private Span<float> FrameAt(int frame, int length)
    {
        ObjectDisposedException.ThrowIf(start == null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)frame, (uint)FrameCount, nameof(frame));
        if (length != ValuesPerFrame)
            throw new ArgumentException($"A frame has {ValuesPerFrame} values, not {length}.", nameof(length));
        return new Span<float>(start + frame * FrameBytes, ValuesPerFrame);
    }

    // Mapped pages count as memory of the process. Giving them back from time to time keeps it flat for clips of any length.
    private void Touched()
    {
        if (!OperatingSystem.IsLinux() || Interlocked.Add(ref touchedBytes, FrameBytes) < residentBytes)
            return;
        Interlocked.Exchange(ref touchedBytes, 0);
        LinuxMemory.Release(start, ByteLength);
    }
}
