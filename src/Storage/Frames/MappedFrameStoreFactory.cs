using HunyuanPortrait.Core.Latents;

namespace HunyuanPortrait.Storage.Frames;

/// <summary>Creates stores in memory-mapped temporary files. They vanish when they are disposed, and when the process dies.</summary>
/// <param name="directory">Where the files are; created when missing. Its disk needs room for all stores.</param>
/// <param name="residentBytes">
/// How much of one store may be touched before its pages are taken out of the process again; what is read soon after comes from the page cache.
/// Only on Linux; elsewhere the system decides.
/// </param>
public sealed class MappedFrameStoreFactory(string directory, long residentBytes = MappedFrameStoreFactory.DefaultResidentBytes) : IFrameStoreFactory
{
    /// <summary>16 MiB.</summary>
    public const long DefaultResidentBytes = 16 << 20;

    /// <inheritdoc/>
    /// <exception cref="Core.Errors.RenderException">HP4001: the disk has not enough room; HP4002: the folder cannot be written.</exception>
    public IFrameStore Create(string name, int frameCount, int valuesPerFrame)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(valuesPerFrame, 1);
        var path = Path.Combine(directory, $"{name}-{Path.GetRandomFileName()}");
        return new MappedFrameStore(path, frameCount, valuesPerFrame, residentBytes);
    }
}
