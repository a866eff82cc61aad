namespace HunyuanPortrait.Core.Windows;

/// <summary>A run of frames denoised together. Frame indices wrap, so the last window may close the loop.</summary>
/// <param name="Start">First frame before wrapping; negative where the shifted grid begins before the clip.</param>
/// <param name="Length">Frames in the window; more than the clip has where the clip is short, then frames repeat.</param>
public readonly record struct FrameWindow(int Start, int Length)
{
    /// <summary>The clip's frame at a position in the window.</summary>
    public int FrameAt(int index, int frameCount) => ((Start + index) % frameCount + frameCount) % frameCount;

    /// <summary>All frames in window order.</summary>
    public IEnumerable<int> Frames(int frameCount)
    {
        for (var index = 0; index < Length; index++)
            yield return FrameAt(index, frameCount);
    }
}
