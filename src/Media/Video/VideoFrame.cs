using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Media.Video;

/// <summary>One frame of a video that is being read.</summary>
/// <param name="Index">Counted from the first frame that is read.</param>
/// <param name="Time">When it is shown, in ticks (<see cref="VideoTiming.TicksPerSecond"/>) from the start of the part that is read.</param>
/// <param name="Image">Upright, 8-bit RGB. Its memory is used again for the next frame: copy what must stay.</param>
public sealed record VideoFrame(long Index, long Time, RgbImage Image);
