namespace HunyuanPortrait.Media.Video;

/// <summary>
/// Turns the times that ffmpeg reports into ticks. At a constant rate every frame is put exactly on its place, because some containers round
/// times to milliseconds; at a variable rate the source's own times are kept.
/// </summary>
internal sealed class FrameClock(VideoTiming timing, Rational timeBase)
{
    private const int FinestTicks = 12_800;
    private const int MostTicks = 1_000_000;
    private long? first;
    private long last = -1;

    /// <summary>The unit in which all frames of a stream have whole times.</summary>
    public static int TicksPerSecond(Rational? constantRate, Rational timeBase)
    {
        if (constantRate is not { } rate)
            return (int)Math.Clamp(timeBase.Denominator, FinestTicks / 100, MostTicks);
        var ticks = rate.Numerator;
        while (ticks < FinestTicks)
            ticks *= 2;
        return (int)Math.Min(ticks, int.MaxValue);
    }

    /// <param name="index">Counted from the first frame that was read.</param>
    /// <param name="time">In units of the time base.</param>
    /// <returns>Ticks; each greater than the one before.</returns>
    public long Ticks(long index, long time)
    {
        first ??= time;
        var ticks = timing.ConstantRate is { } rate
            ? Convert(first.Value) + FrameNumber(time - first.Value, index, rate) * timing.TicksPerSecond * rate.Denominator / rate.Numerator
            : Convert(time);
        last = Math.Max(ticks, last + 1);
        return last;
    }

    /// <summary>The place that the time is nearest to: a frame that ffmpeg could not decode leaves a gap.</summary>
    private long FrameNumber(long elapsed, long index, Rational rate)
    {
        var number = (long)Math.Round((double)elapsed * timeBase.Numerator * rate.Numerator / ((double)timeBase.Denominator * rate.Denominator));
        return Math.Max(number, index);
    }

    private long Convert(long time) =>
        (long)Math.Round((decimal)time * timeBase.Numerator * timing.TicksPerSecond / timeBase.Denominator, MidpointRounding.AwayFromZero);
}
