using HunyuanPortrait.Core.Pictures;

namespace HunyuanPortrait.Evaluation.Measures;

/// <summary>Is a picture nearest to what it should show?</summary>
public static class Retrieval
{
    /// <summary>Frames around the right one that count as right.</summary>
    public const int Tolerance = 2;

    /// <summary>Whether a picture is nearer to its own truth than to every other person, on the face alone. A tie is a miss.</summary>
    /// <param name="output">The picture.</param>
    /// <param name="own">Its person under this motion.</param>
    /// <param name="others">Other persons under this motion.</param>
    /// <param name="mask">The own person's face.</param>
    public static bool FindsIdentity(RgbImage output, RgbImage own, IEnumerable<RgbImage> others, ReadOnlySpan<float> mask)
    {
        var distance = PictureError.Squared(output, own, mask).Value;
        foreach (var other in others)
        {
            if (PictureError.Squared(output, other, mask).Value <= distance)
                return false;
        }

        return true;
    }

    /// <summary>How many frames of a clip are nearest to a true frame at most <see cref="Tolerance"/> away. The first of equals counts.</summary>
    public static Sums FindMoments(IReadOnlyList<RgbImage> outputs, IReadOnlyList<RgbImage> truth) =>
        Sums.Total(outputs.Select((output, frame) => Sums.Of(Math.Abs(Nearest(output, truth) - frame) <= Tolerance)));

    /// <summary>What guessing finds: the mean share of a clip's frames that lie within the tolerance.</summary>
    public static double MomentChance(int frames) => Enumerable.Range(0, frames)
        .Average(frame => (Math.Min(frames - 1, frame + Tolerance) - Math.Max(0, frame - Tolerance) + 1) / (double)frames);

    private static int Nearest(RgbImage output, IReadOnlyList<RgbImage> truth)
    {
        var (best, least) = (0, double.MaxValue);
        for (var frame = 0; frame < truth.Count; frame++)
        {
            var distance = PictureError.Squared(output, truth[frame]).Value;
            if (distance < least)
                (best, least) = (frame, distance);
        }

        return best;
    }
}
