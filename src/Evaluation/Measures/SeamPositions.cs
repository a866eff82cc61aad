using HunyuanPortrait.Core.Models;
using HunyuanPortrait.Core.Windows;

namespace HunyuanPortrait.Evaluation.Measures;

/// <summary>Where a clip was put together. A position is the frame of the clip at which something begins; the seam is in front of it.</summary>
public static class SeamPositions
{
    /// <summary>Where windows of one step begin, and where something follows after they end.</summary>
    /// <param name="settings">Windows and padding.</param>
    /// <param name="frames">Frames of the clip.</param>
    /// <param name="step">Executed step, from 0. The grid moves; what is seen was put together by the last.</param>
    public static IReadOnlySet<int> OfWindows(RenderDefaults settings, int frames, int step)
    {
        var padded = frames + 2 * settings.PaddingFrames;
        return Within(frames, WindowPlanner.Plan(padded, settings.Windows, step)
            .SelectMany(window => new[] { window.Start, window.Start + window.Length })
            .Select(place => (place % padded + padded) % padded - settings.PaddingFrames));
    }

    /// <summary>Where decoder calls begin.</summary>
    public static IReadOnlySet<int> OfDecoder(RenderDefaults settings, int frames) =>
        OfPieces(settings.DecodeChunkLength, frames, settings.PaddingFrames);

    /// <summary>Where pieces of one length begin that are laid end to end, the first one some frames before the clip.</summary>
    public static IReadOnlySet<int> OfPieces(int length, int frames, int before = 0) =>
        Within(frames, Enumerable.Range(0, (frames + before) / length + 1).Select(piece => piece * length - before));

    private static HashSet<int> Within(int frames, IEnumerable<int> places) => [.. places.Where(place => place > 0 && place < frames)];
}
