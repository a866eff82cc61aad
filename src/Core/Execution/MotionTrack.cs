namespace HunyuanPortrait.Core.Execution;

/// <summary>What one pass over a driving video found.</summary>
/// <param name="Times">Of every kept frame, in ticks.</param>
/// <param name="Detected">Frames with a face of their own, or an assumed one.</param>
/// <param name="Held">Frames with another frame's face.</param>
/// <param name="Dropped">Frames that were left out.</param>
public sealed record MotionTrack(IReadOnlyList<long> Times, long Detected, long Held, long Dropped)
{
    /// <summary>Kept frames.</summary>
    public int FrameCount => Times.Count;
}
