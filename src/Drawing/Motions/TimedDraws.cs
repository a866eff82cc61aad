using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Motions;

/// <summary>
/// Smooth random functions of time. Time is cut into cells, every cell has numbers of its own, so any moment is computed without those before it.
/// </summary>
/// <param name="seed">Of the performance.</param>
internal readonly struct TimedDraws(ulong seed)
{
    private const ulong ChannelStride = 1UL << 40;

    /// <summary>The numbers of a cell; negative cells are as good as positive ones.</summary>
    public FactorDraws Cell(int channel, long cell) =>
        new(seed, DrawPurpose.Performance, (ulong)channel * ChannelStride + (ulong)(cell + (1L << 39)));

    /// <summary>A smooth curve in [−1, 1] with a knot every <paramref name="period"/> seconds.</summary>
    public float Wander(int channel, double seconds, double period)
    {
        var position = seconds / period;
        var cell = (long)Math.Floor(position);
        var t = (float)(position - cell);
        var (before, from, to, after) = (Knot(channel, cell - 1), Knot(channel, cell), Knot(channel, cell + 1), Knot(channel, cell + 2));
        // Uniform cubic B-spline: bends gently and never leaves the knots' range.
        var (t2, t3) = (t * t, t * t * t);
        return ((1 - 3 * t + 3 * t2 - t3) * before + (4 - 6 * t2 + 3 * t3) * from + (1 + 3 * t + 3 * t2 - 3 * t3) * to + t3 * after) / 6;
    }

    /// <summary>0, and from time to time a soft rise to 1 and back.</summary>
    /// <param name="channel">Separates curves.</param>
    /// <param name="seconds">When.</param>
    /// <param name="period">At most one rise in so many seconds.</param>
    /// <param name="probability">That a period has one.</param>
    /// <param name="length">Of a rise, seconds; at most half the period.</param>
    public float Event(int channel, double seconds, double period, float probability, double length)
    {
        var cell = (long)Math.Floor(seconds / period);
        var draws = Cell(channel, cell);
        if (!draws.Chance(probability))
            return 0;
        var strength = draws.Between(0.5f, 1);
        var start = cell * period + draws.Unit() * (period - length);
        return strength * Bump((seconds - start) / length);
    }

    /// <summary>A raised cosine on [0, 1].</summary>
    public static float Bump(double t) => t is <= 0 or >= 1 ? 0 : (float)(0.5 - 0.5 * Math.Cos(2 * Math.PI * t));

    /// <summary>0 before 0, 1 after 1, smooth between.</summary>
    public static float Step(double t)
    {
        var x = (float)Math.Clamp(t, 0, 1);
        return x * x * (3 - 2 * x);
    }

    private float Knot(int channel, long cell) => Cell(channel, cell).Between(-1, 1);
}
