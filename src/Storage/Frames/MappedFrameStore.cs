using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using HunyuanPortrait.Core.Latents;
using Microsoft.Win32.SafeHandles;

namespace HunyuanPortrait.Storage.Frames;

/// <summary>
/// Frames in a memory-mapped temporary file: not on the heap, and after a while not in the process's resident memory either. Different frames may
/// be read and written concurrently.
/// </summary>
/// <remarks>
/// Frames are read through the mapping and written through the file; both see the same page cache. A write through the mapping would cost a page
/// fault for every 4 KiB, and a disk that fails then kills the process instead of giving an error.
/// </remarks>
internal sealed unsafe class MappedFrameStore : IFrameStore
{
    private readonly string path;
    private readonly SafeFileHandle file;
    private readonly MemoryMappedViewAccessor view;
    private readonly long residentBytes;
    private byte* start;
    private long readBytes;

    /// <summary>Creates the file and maps it.</summary>
    /// <param name="path">Where the file is created; its name vanishes at once.</param>
    /// <param name="frameCount">Number of frames.</param>
    /// <param name="valuesPerFrame">Floats per frame.</param>
    /// <param name="residentBytes">How much may be read before the pages are released.</param>
    public MappedFrameStore(string path, int frameCount, int valuesPerFrame, long residentBytes)
    {
        FrameCount = frameCount;
        ValuesPerFrame = valuesPerFrame;
        this.residentBytes = residentBytes;
        this.path = path;
        file = TemporaryFile.Create(path, ByteLength);
        try
        {
            // The view outlives the object that made it.
            using var mapping = MemoryMappedFile.CreateFromFile(
                file, null, ByteLength, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            view = mapping.CreateViewAccessor(0, ByteLength, MemoryMappedFileAccess.Read);
        }
        catch (IOException exception)
        {
            file.Dispose();
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
        RequireFrame(frame, destination.Length);
        new ReadOnlySpan<float>(start + frame * FrameBytes, ValuesPerFrame).CopyTo(destination);
        ReleaseNowAndThen();
    }

    /// <inheritdoc/>
    /// <exception cref="Core.Errors.RenderException">HP4001, HP4002: the disk does not take it.</exception>
    public void Write(int frame, ReadOnlySpan<float> values)
    {
        RequireFrame(frame, values.Length);
        try
        {
            RandomAccess.Write(file, MemoryMarshal.AsBytes(values), frame * FrameBytes);
        }
        catch (IOException exception)
        {
            throw StorageErrors.WriteFailed(path, exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (start == null)
            return;
        start = null;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }

    private void RequireFrame(int frame, int length)
    {
        ObjectDisposedException.ThrowIf(start == null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)frame, (uint)FrameCount, nameof(frame));
        if (length != ValuesPerFrame)
            throw new ArgumentException($"A frame has {ValuesPerFrame} values, not {length}.", nameof(length));
    }

    // Mapped pages count as memory of the process. Giving them back from time to time keeps it flat for clips of any length.
    private void ReleaseNowAndThen()
    {
        if (!OperatingSystem.IsLinux() || Interlocked.Add(ref readBytes, FrameBytes) < residentBytes)
            return;
        Interlocked.Exchange(ref readBytes, 0);
        LinuxMemory.Release(start, ByteLength);
    }
}
