using HunyuanPortrait.Drawing.Identities;

namespace HunyuanPortrait.Drawing.Motions;

/// <summary>Random motions for still pictures. Factors are independent, moderate poses are frequent, blinks are common enough to be learned.</summary>
public static class MotionDraw
{
    /// <summary>The <paramref name="index"/>-th motion of a seed.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="index">Any number.</param>
    /// <param name="reach">Share of the factors' ranges, (0, 1].</param>
    public static Motion Any(ulong seed, ulong index, float reach = 0.8f)
    {
        var draws = new FactorDraws(seed, DrawPurpose.Motion, index);
        float Around(float extent) => draws.Bell(-extent, extent) * reach;
        var (yaw, pitch, roll) = (Around(0.6f), Around(0.4f), Around(0.4f));
        var (shiftX, shiftY, scale) = (Around(0.12f), Around(0.12f), 1 + Around(0.15f));
        var eye = draws.Chance(0.18f) ? draws.Between(0, 0.25f) : draws.Between(0.4f, 1);
        var other = draws.Chance(0.1f) ? draws.Between(0, 1) : Math.Clamp(eye + draws.Between(-0.06f, 0.06f), 0, 1);
        var (left, right) = draws.Chance(0.5f) ? (eye, other) : (other, eye);
        var (gazeX, gazeY) = (draws.Between(-1, 1), draws.Between(-0.8f, 0.8f));
        var raise = draws.Chance(0.4f) ? draws.Unit() : 0;
        var frown = draws.Chance(0.3f) ? draws.Unit() : 0;
        var jaw = draws.Chance(0.35f) ? 0 : draws.Unit() * draws.Between(0.4f, 1);
        return new Motion(
            yaw, pitch, roll, shiftX, shiftY, scale, left, right, gazeX, gazeY, raise, frown, jaw, draws.Between(-1, 1), draws.Between(-1, 1));
    }

    /// <summary>As <see cref="Any"/>, but as people look on portraits: nearly frontal, eyes open, mouth nearly closed.</summary>
    public static Motion Portrait(ulong seed, ulong index)
    {
        var any = Any(seed, index, 0.35f);
        return any with
        {
            LeftEye = 0.8f + 0.15f * (any.GazeX * 0.5f),
            RightEye = 0.8f + 0.15f * (any.GazeX * 0.5f),
            GazeX = 0.25f * any.GazeX,
            GazeY = 0.2f * any.GazeY,
            BrowRaise = 0.3f * any.BrowRaise,
            BrowFrown = 0.15f * any.BrowFrown,
            Jaw = 0.12f * any.Jaw,
            MouthWidth = 0.3f * any.MouthWidth,
            Smile = 0.3f + 0.35f * any.Smile,
        };
    }
}
