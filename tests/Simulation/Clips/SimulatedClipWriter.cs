using HunyuanPortrait.Core.Execution;
using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Simulation.Clips;

/// <summary>A "video" that is its pictures: time, then pixels, frame by frame. Joining is appending.</summary>
public sealed class SimulatedClipWriter : IClipWriter
{
    /// <inheritdoc/>
    public async Task WritePartAsync(
        JobSpecification job, ClipSources sources, IAsyncEnumerable<(RgbImage Picture, long Time)> frames, string path, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path);
        await foreach (var (picture, time) in frames)
        {
            await file.WriteAsync(BitConverter.GetBytes(time), cancellationToken);
            await file.WriteAsync(picture.Pixels, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task JoinAsync(JobSpecification job, ClipSources sources, IReadOnlyList<ClipPart> parts, string path, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path);
        foreach (var part in parts)
            await file.WriteAsync(await File.ReadAllBytesAsync(part.Path, cancellationToken), cancellationToken);
    }
}
