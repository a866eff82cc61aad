namespace HunyuanPortrait.Drawing.Motions;

/// <summary>
/// A person talking to the viewer, without end: syllables and pauses, blinks, glances, nods and turns. A pure function of seed and time, so any
/// moment at any frame rate can be drawn alone.
/// </summary>
public sealed class Performance
{
    private const double PhrasePeriod = 3.6;
    private const double SyllablePeriod = 0.21;
    private const double BlinkPeriod = 2.9;
    private const double GlancePeriod = 1.1;
    private readonly TimedDraws timed;
    private readonly Manner manner;

    /// <summary>A performance.</summary>
    /// <param name="seed">Equal seeds perform alike.</param>
    public Performance(ulong seed)
    {
        timed = new TimedDraws(seed);
        var draws = timed.Cell(Channel.Manner, 0);
        manner = new Manner(
            draws.Between(0.7f, 1.15f), draws.Between(0.6f, 1), draws.Between(0.2f, 0.75f), draws.Between(-0.2f, 0.2f), draws.Between(-0.1f, 0.5f));
    }

    /// <summary>Pose and expression at a time.</summary>
    /// <param name="seconds">Any; the clip's beginning is 0.</param>
    public Motion At(double seconds)
    {
        var speaking = Speaking(seconds);
        var nod = timed.Event(Channel.Nod, seconds, 2.3, 0.55f, 0.7) - 0.5f * timed.Event(Channel.Lift, seconds, 3.1, 0.4f, 0.8);
        var accent = timed.Event(Channel.BrowAccent, seconds, 1.9, 0.5f, 0.55);
        var (gazeX, gazeY) = Glance(seconds);
        var smile = Math.Clamp(manner.Cheer + 0.75f * timed.Wander(Channel.Smile, seconds, 1.7), -1, 1);
        var lids = Lids(seconds) * Math.Clamp(0.8f + 0.18f * accent - 0.12f * MathF.Max(0, smile) + 0.1f * timed.Wander(Channel.Lids, seconds, 2.2), 0, 1);
        return new Motion(
            Clamp(manner.Turn + manner.Head * (0.55f * timed.Wander(Channel.Yaw, seconds, 1.5) + 0.18f * timed.Wander(Channel.FastYaw, seconds, 0.5)), 0.6f),
            Clamp(manner.Head * (0.28f * timed.Wander(Channel.Pitch, seconds, 1.3) + 0.2f * nod), 0.4f),
            Clamp(manner.Head * (0.3f * timed.Wander(Channel.Roll, seconds, 1.8) + 0.05f * timed.Wander(Channel.FastRoll, seconds, 0.6)), 0.4f),
            0.08f * timed.Wander(Channel.ShiftX, seconds, 2.1), 0.05f * timed.Wander(Channel.ShiftY, seconds, 2.4) + 0.015f * nod,
            1 + 0.07f * timed.Wander(Channel.Scale, seconds, 2.7),
            Math.Clamp(lids, 0, 1), Math.Clamp(lids + 0.03f * timed.Wander(Channel.LidSide, seconds, 1.2) * lids, 0, 1),
            gazeX, gazeY,
            Math.Clamp(accent + 0.35f * MathF.Max(0, timed.Wander(Channel.Brow, seconds, 1.6)), 0, 1),
            Math.Clamp(1.6f * timed.Wander(Channel.Frown, seconds, 2.0) - 0.25f, 0, 1) * (1 - accent),
            Math.Clamp(manner.Voice * speaking.Jaw, 0, 1),
            Math.Clamp(speaking.Width + 0.25f * smile, -1, 1),
            smile);
    }

    private static float Clamp(float value, float extent) => Math.Clamp(value, -extent, extent);

    /// <summary>Syllables at about five a second, in phrases of two or three seconds with pauses between.</summary>
    private (float Jaw, float Width) Speaking(double seconds)
    {
        var phrase = (long)Math.Floor(seconds / PhrasePeriod);
        var draws = timed.Cell(Channel.Phrase, phrase);
        var begins = phrase * PhrasePeriod + draws.Between(0.05f, 0.5f);
        var ends = begins + draws.Between(1.7f, 2.9f);
        var voice = TimedDraws.Step((seconds - begins) / 0.15) * TimedDraws.Step((ends - seconds) / 0.2);
        var syllable = (long)Math.Floor(seconds / SyllablePeriod);
        float jaw = 0, width = 0;
        for (var i = syllable - 1; i <= syllable + 1; i++)
        {
            var vowel = timed.Cell(Channel.Syllable, i);
            var middle = (i + vowel.Between(0.35f, 0.65f)) * SyllablePeriod;
            var length = SyllablePeriod * vowel.Between(1.1f, 1.7f);
            var bump = TimedDraws.Bump((seconds - middle) / length + 0.5);
            jaw += bump * vowel.Between(0.15f, 0.95f);
            width += bump * vowel.Between(-0.8f, 0.6f);
        }

        return (MathF.Min(1, jaw) * voice, Math.Clamp(width, -1, 1) * voice);
    }

    /// <summary>1 open; a blink closes in 80 ms, stays shut for 40 and opens in 160, now and then twice.</summary>
    private float Lids(double seconds)
    {
        var cell = (long)Math.Floor(seconds / BlinkPeriod);
        var draws = timed.Cell(Channel.Blink, cell);
        var start = cell * BlinkPeriod + draws.Between(0.05f, 2.1f);
        var closed = Blink(seconds - start);
        if (draws.Chance(0.15f))
            closed = MathF.Max(closed, Blink(seconds - start - 0.38));
        return 1 - closed;
    }

    private static float Blink(double t) => TimedDraws.Step(t / 0.08) * TimedDraws.Step((0.28 - t) / 0.16);

    /// <summary>The gaze rests and jumps within 50 ms; most of the time it meets the viewer.</summary>
    private (float X, float Y) Glance(double seconds)
    {
        var cell = (long)Math.Floor(seconds / GlancePeriod);
        if (seconds < Onset(cell))
            cell--;
        var moved = TimedDraws.Step((seconds - Onset(cell)) / 0.05);
        var (from, to) = (Target(cell - 1), Target(cell));
        return (from.X + (to.X - from.X) * moved, from.Y + (to.Y - from.Y) * moved);
    }

    private double Onset(long cell) => (cell + timed.Cell(Channel.GlanceOnset, cell).Between(0.05f, 0.85f)) * GlancePeriod;

    private (float X, float Y) Target(long cell)
    {
        var draws = timed.Cell(Channel.GlanceTarget, cell);
        var reach = draws.Chance(0.5f) ? 0.15f : 0.9f * manner.Restlessness + 0.25f;
        return (draws.Between(-reach, reach), draws.Between(-0.7f * reach, 0.7f * reach));
    }

    private sealed record Manner(float Head, float Voice, float Restlessness, float Turn, float Cheer);

    private static class Channel
    {
        public const int Manner = 0, Yaw = 1, FastYaw = 2, Pitch = 3, Roll = 4, FastRoll = 5, ShiftX = 6, ShiftY = 7, Scale = 8, Nod = 9, Lift = 10;
        public const int BrowAccent = 11, Brow = 12, Frown = 13, Smile = 14, Lids = 15, LidSide = 16, Phrase = 17, Syllable = 18, Blink = 19;
        public const int GlanceOnset = 20, GlanceTarget = 21;
    }
}
